using System.Security.Cryptography;
using HostService.Host.Storage;
using Xunit;

namespace HostService.Host.Integration.Storage;

/// <summary>What every store must do, whatever it is made of. One class for each kind of store derives from this.</summary>
public abstract class StoreContract : IAsyncLifetime
{
    private protected const string Tenant = "acme";
    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeMilliseconds(1_750_000_000_123);
    private static readonly VersionDescription s_description = new(
        ModuleAbi.WasiCommand,
        [new StoredExport("_start", "func", [], []), new StoredExport("sum", "func", ["i32", "i64"], ["f64"]), new StoredExport("memory", "memory", null, null)],
        [new StoredImport("wasi_snapshot_preview1", "fd_write", "func")],
        s_now);

    private protected IModuleStore Modules { get; private set; } = null!;

    private protected ITenantStore Tenants { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        (Modules, Tenants) = Open();
        Assert.True(await Tenants.AddTenantAsync(Tenant, s_now, default));
    }

    public abstract Task DisposeAsync();

    /// <summary>Opens the store, or opens it again as after a restart.</summary>
    private protected abstract (IModuleStore Modules, ITenantStore Tenants) Open();

    [Fact]
    public async Task Tenant_AddedTwice_IsRefused()
    {
        Assert.False(await Tenants.AddTenantAsync(Tenant, s_now, default));
        Assert.True(await Tenants.TenantExistsAsync(Tenant, default));
        Assert.False(await Tenants.TenantExistsAsync("other", default));
        Assert.True(await Tenants.AddTenantAsync("aaa", s_now.AddMilliseconds(1), default));
        Assert.Equal([new StoredTenant("aaa", s_now.AddMilliseconds(1)), new StoredTenant(Tenant, s_now)], await Tenants.ListTenantsAsync(default));
    }

    [Theory]
    [InlineData(Role.Invoker)]
    [InlineData(Role.Deployer)]
    public async Task Key_Added_IsFoundByItsHashAlone(Role role)
    {
        var key = new StoredKey([.. RandomNumberGenerator.GetBytes(32)], Tenant, role, s_now);
        Assert.True(await Tenants.AddKeyAsync(key, default));

        var found = await Tenants.FindKeyAsync(key.Hash.ToArray(), default);

        Assert.Equal((Tenant, role, s_now), (found!.Tenant, found.Role, found.CreatedAt));
        Assert.True(key.Hash.SequenceEqual(found.Hash));
        Assert.Null(await Tenants.FindKeyAsync(RandomNumberGenerator.GetBytes(32), default));
    }

    [Fact]
    public async Task Key_OfNobody_IsRefused() =>
        Assert.False(await Tenants.AddKeyAsync(new StoredKey([.. RandomNumberGenerator.GetBytes(32)], "nobody", Role.Invoker, s_now), default));

    [Fact]
    public async Task Key_Removed_IsNotFoundAgain_AndOthersAre()
    {
        Assert.True(await Tenants.AddTenantAsync("other", s_now, default));
        var keys = new[] { Tenant, Tenant, "other" }
            .Select((tenant, index) => new StoredKey([.. RandomNumberGenerator.GetBytes(32)], tenant, Role.Invoker, s_now.AddSeconds(index))).ToArray();
        foreach (var key in keys)
        {
            Assert.True(await Tenants.AddKeyAsync(key, default));
        }

        Assert.Equal(["0", "1"], await IndexesAsync(Tenant));
        Assert.True(await Tenants.RemoveKeyAsync(keys[0].Hash.AsMemory(), default));

        Assert.False(await Tenants.RemoveKeyAsync(keys[0].Hash.AsMemory(), default));
        Assert.Null(await Tenants.FindKeyAsync(keys[0].Hash.AsMemory(), default));
        Assert.Equal(["1"], await IndexesAsync(Tenant));
        Assert.Equal(["2"], await IndexesAsync("other"));
        Assert.Empty(await IndexesAsync("nobody"));

        async Task<IEnumerable<string>> IndexesAsync(string tenant) =>
            (await Tenants.ListKeysAsync(tenant, default)).Select(found => $"{Array.FindIndex(keys, key => key.Hash.SequenceEqual(found.Hash))}");
    }

    [Fact]
    public async Task Key_UseNoted_NeverGoesBack()
    {
        var key = new StoredKey([.. RandomNumberGenerator.GetBytes(32)], Tenant, Role.Invoker, s_now);
        Assert.True(await Tenants.AddKeyAsync(key, default));
        Assert.Null((await Tenants.FindKeyAsync(key.Hash.AsMemory(), default))!.LastUsedAt);

        // A key that was removed in between is among them.
        await Tenants.NoteKeyUseAsync([new KeyUse([.. RandomNumberGenerator.GetBytes(32)], s_now), new KeyUse(key.Hash, s_now.AddMinutes(2))], default);
        await Tenants.NoteKeyUseAsync([new KeyUse(key.Hash, s_now.AddMinutes(1))], default);

        (Modules, Tenants) = Open();
        Assert.Equal(s_now.AddMinutes(2), (await Tenants.FindKeyAsync(key.Hash.AsMemory(), default))!.LastUsedAt);
    }

    [Fact]
    public async Task Setting_Set_IsFound()
    {
        Assert.Null(await Tenants.FindSettingAsync("s", default));
        await Tenants.SetSettingAsync("s", "one", default);
        await Tenants.SetSettingAsync("s", "two", default);

        Assert.Equal("two", await Tenants.FindSettingAsync("s", default));
    }

    [Fact]
    public async Task Version_Added_IsWholeAfterARestart()
    {
        byte[] bytes = [1, 2, 3];
        var (module, created) = await AddAsync("m", bytes);
        Assert.True(created);

        (Modules, Tenants) = Open();
        var found = await Modules.FindAsync(Tenant, "m", default);

        Assert.Equal((Tenant, "m", false, 1), (found!.Tenant, found.Name, found.IsPublic, found.Current.Version));
        Assert.Equal($"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}", found.Current.Digest.ToString());
        Assert.Equal((3L, ModuleAbi.WasiCommand, s_now), (found.Current.SizeBytes, found.Current.Abi, found.Current.CreatedAt));
        Assert.Equal(["_start()->()", "sum(i32,i64)->(f64)", "memory"], found.Current.Exports.Select(Text));
        Assert.Equal(s_description.Imports.AsEnumerable(), found.Current.Imports);
        Assert.Equal(bytes, (await Modules.ReadBinaryAsync(module.Current.Digest, default)).ToArray());
    }

    [Fact]
    public async Task Version_SameDigest_IsNewOnlyWhenNotCurrent()
    {
        var seen = new List<(int, bool)>();
        foreach (var content in new byte[] { 1, 1, 2, 1 })
        {
            var (module, created) = await AddAsync("m", [content]);
            seen.Add((module.Current.Version, created));
        }

        Assert.Equal([(1, true), (1, false), (2, true), (3, true)], seen);
    }

    [Fact]
    public async Task Version_OfNobody_IsRefusedAndLeavesNothing()
    {
        await using var binary = await Modules.StageAsync(new MemoryStream([9]), 10, default);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Modules.AddVersionAsync("nobody", "m", binary, s_description, default));

        await Assert.ThrowsAsync<CorruptBinaryException>(() => Modules.ReadBinaryAsync(binary.Digest, default));
    }

    [Fact]
    public async Task Public_Set_StaysWithNewVersions()
    {
        await AddAsync("m", [1]);
        Assert.True((await Modules.ChangeAsync(Tenant, "m", new ModuleChange(IsPublic: true), default))!.IsPublic);
        await AddAsync("m", [2]);

        Assert.True((await Modules.FindAsync(Tenant, "m", default))!.IsPublic);
        Assert.Null(await Modules.ChangeAsync(Tenant, "absent", new ModuleChange(IsPublic: true), default));
    }

    [Fact]
    public async Task CoreDumps_Set_StayWithNewVersionsAndLeaveTheRestAsItIs()
    {
        await AddAsync("m", [1]);
        Assert.Equal(CoreDumpChoice.Default, (await Modules.FindAsync(Tenant, "m", default))!.CoreDumps);
        await Modules.ChangeAsync(Tenant, "m", new ModuleChange(IsPublic: true), default);
        foreach (var choice in new[] { CoreDumpChoice.On, CoreDumpChoice.Off, CoreDumpChoice.Default })
        {
            Assert.Equal(choice, (await Modules.ChangeAsync(Tenant, "m", new ModuleChange(CoreDumps: choice), default))!.CoreDumps);
            await AddAsync("m", [2, (byte)choice]);

            var stored = (await Modules.FindAsync(Tenant, "m", default))!;
            Assert.Equal((choice, true), (stored.CoreDumps, stored.IsPublic));
        }
    }

    [Fact]
    public async Task Binary_IsThereAsLongAsAVersionRefersToIt()
    {
        var digest = (await AddAsync("m", [7, 7])).Module.Current.Digest;
        Assert.True(Modules.HasBinary(digest));
        await Modules.DeleteAsync(Tenant, "m", default);

        Assert.False(Modules.HasBinary(digest));
    }

    [Fact]
    public async Task Deleted_Module_IsGoneWithBinariesThatNobodyElseHas()
    {
        Assert.True(await Tenants.AddTenantAsync("other", s_now, default));
        var shared = (await AddAsync("m", [1])).Module.Current.Digest;
        var own = (await AddAsync("m", [2])).Module.Current.Digest;
        await AddAsync("same", [1], "other");

        Assert.True(await Modules.DeleteAsync(Tenant, "m", default));
        Assert.False(await Modules.DeleteAsync(Tenant, "m", default));

        Assert.Null(await Modules.FindAsync(Tenant, "m", default));
        Assert.Equal([1], (await Modules.ReadBinaryAsync(shared, default)).ToArray());
        await Assert.ThrowsAsync<CorruptBinaryException>(() => Modules.ReadBinaryAsync(own, default));
    }

    [Fact]
    public async Task Lists_AreByNameAndByLastUse()
    {
        await AddAsync("b", [1]);
        await AddAsync("a", [2]);
        await AddAsync("c", [3]);
        await Modules.NoteUseAsync([new ModuleUse(Tenant, "c", s_now.AddSeconds(2)), new ModuleUse(Tenant, "b", s_now.AddSeconds(1)), new ModuleUse(Tenant, "gone", s_now)], default);
        // An older use than the one that is known changes nothing.
        await Modules.NoteUseAsync([new ModuleUse(Tenant, "c", s_now)], default);

        Assert.Equal(["a", "b", "c"], (await Modules.ListAsync(Tenant, default)).Select(module => module.Name));
        Assert.Equal(["c", "b", "a"], (await Modules.ListAllAsync(default)).Select(module => module.Name));
        Assert.Empty(await Modules.ListAsync("other", default));
    }

    [Fact]
    public async Task Binary_ThatIsOpen_IsReadWhateverBecameOfItsUpload()
    {
        var givenUp = await Modules.StageAsync(new MemoryStream([1, 2]), 10, default);
        await using var contentOfGivenUp = givenUp.OpenRead();
        await givenUp.DisposeAsync();
        await using var added = await Modules.StageAsync(new MemoryStream([3, 4]), 10, default);
        await using var contentOfAdded = added.OpenRead();
        await Modules.AddVersionAsync(Tenant, "m", added, s_description, default);
        await Modules.DeleteAsync(Tenant, "m", default);

        Assert.Equal([1, 2], await AllOfAsync(contentOfGivenUp));
        Assert.Equal([3, 4], await AllOfAsync(contentOfAdded));
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(9, false)]
    public async Task Binary_LongerThanAllowed_IsRefused(int maxBytes, bool fits)
    {
        var staging = Modules.StageAsync(new MemoryStream(new byte[10]), maxBytes, default);

        if (fits)
        {
            await using var staged = await staging;
            Assert.Equal(10, staged.SizeBytes);
            await using var content = staged.OpenRead();
            Assert.Equal(new byte[10], await AllOfAsync(content));
        }
        else
        {
            await Assert.ThrowsAsync<BinaryTooLargeException>(() => staging);
        }
    }

    [Fact]
    public async Task Changes_FromManyThreadsAtOnce_AllTakeEffect()
    {
        await Task.WhenAll(Enumerable.Range(0, 32).Select(number => Task.Run(async () =>
        {
            await AddAsync($"m{number % 8}", [(byte)number]);
            if (number % 8 == 0)
            {
                await Modules.DeleteAsync(Tenant, "m0", default);
            }
        })));

        foreach (var module in await Modules.ListAsync(Tenant, default))
        {
            Assert.Single((await Modules.ReadBinaryAsync(module.Current.Digest, default)).ToArray());
        }

        Assert.Superset(Enumerable.Range(1, 7).Select(number => $"m{number}").ToHashSet(), (await Modules.ListAsync(Tenant, default)).Select(module => module.Name).ToHashSet());
    }

    [Fact]
    public async Task Artifact_Kept_IsFoundAndReplaced()
    {
        var digest = (await AddAsync("m", [1])).Module.Current.Digest;
        Assert.Null(await Modules.FindArtifactAsync(digest, default));
        Assert.False(Modules.HasArtifact(digest));

        Assert.Equal(1, await Modules.KeepArtifactAsync(digest, artifact => artifact.Write([7]), default));
        Assert.Equal(2, await Modules.KeepArtifactAsync(digest, artifact => artifact.Write([8, 9]), default));

        Assert.True(Modules.HasArtifact(digest));
        Assert.Equal([8, 9], await ReadAsync(Modules, digest));
    }

    [Fact]
    public async Task Artifact_OfABinaryThatNoVersionHas_IsNotKept()
    {
        await using var binary = await Modules.StageAsync(new MemoryStream([1]), 10, default);

        Assert.Null(await Modules.KeepArtifactAsync(binary.Digest, artifact => artifact.Write([7]), default));
        Assert.Null(await Modules.FindArtifactAsync(binary.Digest, default));
    }

    [Fact]
    public async Task Artifact_GoesWithTheLastVersionOfItsBinary()
    {
        Assert.True(await Tenants.AddTenantAsync("other", s_now, default));
        var digest = (await AddAsync("m", [1])).Module.Current.Digest;
        await AddAsync("same", [1], "other");
        await Modules.KeepArtifactAsync(digest, artifact => artifact.Write([7]), default);

        await Modules.DeleteAsync(Tenant, "m", default);
        Assert.Equal([7], await ReadAsync(Modules, digest));

        await Modules.DeleteAsync("other", "same", default);
        Assert.Null(await Modules.FindArtifactAsync(digest, default));
    }

    private protected static async Task<byte[]> ReadAsync(IModuleStore modules, Digest digest)
    {
        await using var artifact = await modules.FindArtifactAsync(digest, default);
        var bytes = new byte[artifact!.Length - artifact.Position];
        await artifact.ReadExactlyAsync(bytes);
        return bytes;
    }

    private protected async Task<(StoredModule Module, bool Created)> AddAsync(string name, byte[] bytes, string tenant = Tenant)
    {
        await using var binary = await Modules.StageAsync(new MemoryStream(bytes), 100, default);
        return await Modules.AddVersionAsync(tenant, name, binary, s_description, default);
    }

    private static async Task<byte[]> AllOfAsync(Stream content)
    {
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private static string Text(StoredExport export) =>
        export.Params is { } parameters && export.Results is { } results ? $"{export.Name}({string.Join(',', parameters)})->({string.Join(',', results)})" : export.Name;
}
