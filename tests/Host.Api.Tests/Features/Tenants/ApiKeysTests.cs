using HostService.Host.Features;
using HostService.Host.Features.Tenants;
using HostService.Host.Storage;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace HostService.Host.Tests.Features.Tenants;

public sealed class ApiKeysTests : IDisposable
{
    private const string OperatorsKey = "the-operators-own-key";

    private readonly string _folder = Directory.CreateTempSubdirectory("hostservice-keys-").FullName;
    private readonly CountingStore _store = new();
    private readonly DataDirectory _data;
    private readonly ApiKeys _keys;

    public ApiKeysTests()
    {
        _data = new DataDirectory(Options.Create(new HostServiceOptions { DataDirectory = _folder }), new Environment());
        // As a file or a secret may have it, with the end of its line.
        _keys = Make($" {OperatorsKey}\n");
    }

    public void Dispose()
    {
        _data.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Created_Key_SpeaksForItsTenantAndIsLookedUpOnce()
    {
        var key = await _keys.CreateAsync("acme", Role.Deployer, default);

        foreach (var scheme in new[] { "Bearer", "bearer", "BEARER" })
        {
            Assert.Equal(new Caller("acme", Role.Deployer), await _keys.AuthenticateAsync($"{scheme} {key}", default));
        }

        Assert.Equal(1, _store.Lookups);
        Assert.DoesNotContain(key!, _store.Keys.Values.Select(stored => stored.ToString()));
    }

    [Fact]
    public async Task Created_Keys_AllDiffer()
    {
        var keys = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _keys.CreateAsync("acme", Role.Invoker, default)));

        Assert.Equal(50, keys.Distinct().Count());
        // 256 bits in base64, after the prefix.
        Assert.All(keys, key => Assert.Matches("^hs_[A-Za-z0-9_-]{43}$", key));
    }

    [Fact]
    public async Task OperatorsKey_SpeaksForTheOperator() =>
        Assert.Equal(Caller.Operator, await _keys.AuthenticateAsync($"Bearer {OperatorsKey}", default));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer x")]
    [InlineData(OperatorsKey)]
    [InlineData("Bearer " + OperatorsKey + "x")]
    [InlineData("Basic " + OperatorsKey)]
    public async Task WhatIsNoKey_IsRefusedWithoutALookUp(string? authorization)
    {
        Assert.Null(await _keys.AuthenticateAsync(authorization, default));
        Assert.Equal(0, _store.Lookups);
    }

    [Fact]
    public async Task KeyOfNobody_IsRefused()
    {
        Assert.Null(await _keys.AuthenticateAsync($"Bearer {ApiKeys.Generate()}", default));
        Assert.Equal(1, _store.Lookups);
    }

    [Fact]
    public async Task OperatorsKey_InAnEmptyFile_IsRefusedByName()
    {
        var path = Path.Combine(_folder, OperatorKey.FileName);
        await File.WriteAllTextAsync(path, "\n");

        var message = Assert.Single(Assert.Throws<OptionsValidationException>(() => Make(null)).Failures);
        Assert.Contains(path, message, StringComparison.Ordinal);

        await File.WriteAllTextAsync(path, "the-key-in-the-file\n");
        Assert.Equal(Caller.Operator, await Make(null).AuthenticateAsync("Bearer the-key-in-the-file", default));
    }

    private ApiKeys Make(string? configured)
    {
        var operatorKey = new OperatorKey(Options.Create(new HostServiceOptions { OperatorKey = configured }), _data, NullLogger<OperatorKey>.Instance);
        operatorKey.Load();
        return new ApiKeys(_store, operatorKey, TimeProvider.System);
    }

    private sealed class CountingStore : ITenantStore
    {
        public Dictionary<string, StoredKey> Keys { get; } = [];

        public int Lookups { get; private set; }

        public Task<bool> AddKeyAsync(StoredKey key, CancellationToken cancellationToken) => Task.FromResult(Keys.TryAdd(Convert.ToHexString(key.Hash.AsSpan()), key));

        public Task<StoredKey?> FindKeyAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken)
        {
            Lookups++;
            return Task.FromResult(Keys.GetValueOrDefault(Convert.ToHexString(hash.Span)));
        }

        public Task<bool> AddTenantAsync(string tenant, DateTimeOffset createdAt, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> TenantExistsAsync(string tenant, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<string?> FindSettingAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SetSettingAsync(string name, string value, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class Environment : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = "Test";

        public string ApplicationName { get; set; } = "Test";

        public string ContentRootPath { get; set; } = Path.GetTempPath();

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
