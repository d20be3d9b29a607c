using System.Globalization;
using System.Security.Cryptography;
using System.Text;
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
    private readonly Clock _clock = new();
    private readonly KnownKeys _known;
    private readonly ApiKeys _keys;

    public ApiKeysTests()
    {
        _data = new DataDirectory(Options.Create(new HostServiceOptions { DataDirectory = _folder }), new Environment());
        _known = new KnownKeys(_clock);
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
        var key = await NewKeyAsync();

        foreach (var scheme in new[] { "Bearer", "bearer", "BEARER" })
        {
            Assert.Equal(new Caller("acme", Role.Deployer), await _keys.AuthenticateAsync($"{scheme} {key}", null, default));
        }

        Assert.Equal(1, _store.Lookups);
        Assert.DoesNotContain(key, _store.Keys.Values.Select(stored => stored.ToString()));
    }

    [Fact]
    public async Task Created_Keys_AllDiffer()
    {
        var keys = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => NewKeyAsync()));

        Assert.Equal(50, keys.Distinct().Count());
        // 256 bits in base64, after the prefix.
        Assert.All(keys, key => Assert.Matches("^hs_[A-Za-z0-9_-]{43}$", key));
    }

    [Fact]
    public async Task Revoked_Key_IsRefusedAtOnce_AndOthersAreNot()
    {
        var (key, other) = (await NewKeyAsync(), await NewKeyAsync());
        Assert.NotNull(await _keys.AuthenticateAsync($"Bearer {key}", null, default));

        Assert.True(await _keys.RevokeAsync("acme", IdOf(key), default));

        Assert.Null(await _keys.AuthenticateAsync($"Bearer {key}", null, default));
        Assert.NotNull(await _keys.AuthenticateAsync($"Bearer {other}", null, default));
        Assert.False(await _keys.RevokeAsync("acme", IdOf(key), default));
        Assert.False(await _keys.RevokeAsync("another", IdOf(other), default));
    }

    [Fact]
    public async Task Revoked_WhileItIsLookedUp_IsNotKept()
    {
        var key = await NewKeyAsync();
        _store.DuringLookup = async () => Assert.True(await _keys.RevokeAsync("acme", IdOf(key), default));

        // This one came before.
        Assert.NotNull(await _keys.AuthenticateAsync($"Bearer {key}", null, default));
        _store.DuringLookup = null;

        Assert.Null(await _keys.AuthenticateAsync($"Bearer {key}", null, default));
        Assert.Empty(_known.Uses());
    }

    [Fact]
    public async Task Key_Used_SaysWhenToTheMinute()
    {
        var key = await NewKeyAsync();
        Assert.Null((await ListedAsync()).LastUsedAt);

        foreach (var (now, seen) in new[] { ("12:00:59", "12:00:00"), ("12:01:01", "12:01:00"), ("12:07:00", "12:07:00") })
        {
            _clock.Now = DateTimeOffset.Parse($"2026-11-23T{now}Z", CultureInfo.InvariantCulture);
            await _keys.AuthenticateAsync($"Bearer {key}", null, default);

            Assert.Equal(DateTimeOffset.Parse($"2026-11-23T{seen}Z", CultureInfo.InvariantCulture), (await ListedAsync()).LastUsedAt);
        }
    }

    [Fact]
    public async Task Use_IsStoredWhenTheServiceStops_AndEachOnce()
    {
        var key = await NewKeyAsync();
        await NewKeyAsync();
        await _keys.AuthenticateAsync($"Bearer {key}", null, default);
        using var notes = new KeyUseNotes(_known, _store, _clock, NullLogger<KeyUseNotes>.Instance);

        await notes.StopAsync(default);
        await notes.StopAsync(default);

        var use = Assert.Single(_store.Uses);
        Assert.Equal((IdOf(key), new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero)), (Convert.ToHexStringLower(use.Hash.AsSpan()[..8]), use.At));
    }

    [Fact]
    public async Task OperatorsKey_SpeaksForTheOperator() =>
        Assert.Equal(Caller.Operator, await _keys.AuthenticateAsync($"Bearer {OperatorsKey}", null, default));

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
        Assert.Null(await _keys.AuthenticateAsync(authorization, null, default));
        Assert.Equal(0, _store.Lookups);
    }

    [Fact]
    public async Task KeyOfNobody_IsRefused()
    {
        Assert.Null(await _keys.AuthenticateAsync($"Bearer {ApiKeys.Generate()}", null, default));
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
        Assert.Equal(Caller.Operator, await Make(null).AuthenticateAsync("Bearer the-key-in-the-file", null, default));
    }

    // As whoever holds the key computes it.
    private static string IdOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..16];

    [Fact]
    public async Task RevokedKey_OnTheConnectionThatPresentedItBefore_IsRefused()
    {
        var key = await NewKeyAsync();
        var (connection, authorization) = (new ConnectionKey(), $"Bearer {key}");
        Assert.NotNull(await _keys.AuthenticateAsync(authorization, connection, default));
        Assert.NotNull(await _keys.AuthenticateAsync(authorization, connection, default));

        await _keys.RevokeAsync("acme", IdOf(key), default);

        Assert.Null(await _keys.AuthenticateAsync(authorization, connection, default));
    }

    [Fact]
    public async Task ConnectionThatPresentsAnotherKey_SpeaksForThatOne()
    {
        var (key, connection) = (await NewKeyAsync(), new ConnectionKey());

        Assert.Equal("acme", (await _keys.AuthenticateAsync($"Bearer {key}", connection, default))?.Tenant);
        Assert.Null(await _keys.AuthenticateAsync($"Bearer {ApiKeys.Generate()}", connection, default));
        Assert.Equal(Caller.Operator, await _keys.AuthenticateAsync($"Bearer {OperatorsKey}", connection, default));
        Assert.Equal("acme", (await _keys.AuthenticateAsync($"Bearer {key}", connection, default))?.Tenant);
    }

    private ApiKeys Make(string? configured)
    {
        var operatorKey = new OperatorKey(Options.Create(new HostServiceOptions { OperatorKey = configured }), _data, NullLogger<OperatorKey>.Instance);
        operatorKey.Load();
        return new ApiKeys(_store, operatorKey, _known, _clock);
    }

    private async Task<string> NewKeyAsync() => (await _keys.CreateAsync("acme", Role.Deployer, default))!.Value.Key;

    private async Task<StoredKey> ListedAsync() => Assert.Single(await _keys.ListAsync("acme", default));

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 23, 12, 0, 59, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class CountingStore : ITenantStore
    {
        public Dictionary<string, StoredKey> Keys { get; } = [];

        public int Lookups { get; private set; }

        public List<KeyUse> Uses { get; } = [];

        /// <summary>What happens after the key was found and before it is handed over.</summary>
        public Func<Task>? DuringLookup { get; set; }

        public Task<bool> AddKeyAsync(StoredKey key, CancellationToken cancellationToken) => Task.FromResult(Keys.TryAdd(Convert.ToHexString(key.Hash.AsSpan()), key));

        public async Task<StoredKey?> FindKeyAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken)
        {
            Lookups++;
            var found = Keys.GetValueOrDefault(Convert.ToHexString(hash.Span));
            await (DuringLookup?.Invoke() ?? Task.CompletedTask);
            return found;
        }

        public Task<IReadOnlyList<StoredKey>> ListKeysAsync(string tenant, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<StoredKey>>([.. Keys.Values.Where(key => key.Tenant == tenant)]);

        public Task<bool> RemoveKeyAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken) => Task.FromResult(Keys.Remove(Convert.ToHexString(hash.Span)));

        public Task NoteKeyUseAsync(IReadOnlyList<KeyUse> uses, CancellationToken cancellationToken)
        {
            Uses.AddRange(uses);
            return Task.CompletedTask;
        }

        public Task<bool> AddTenantAsync(string tenant, DateTimeOffset createdAt, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<StoredTenant>> ListTenantsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

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
