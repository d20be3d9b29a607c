using HostService.Host.Features.Modules;
using HostService.Host.Storage;

namespace HostService.Host.Features.Invocations;

/// <summary>What an invocation runs. Code is shared by all who uploaded the same binary, so whose upload it is here is told beside it.</summary>
/// <param name="Module">The code.</param>
/// <param name="Tenant">Whose upload is invoked.</param>
/// <param name="Name">The upload's name.</param>
/// <param name="CoreDumps">Whether its traps leave core dumps.</param>
internal readonly record struct InvokedCode(CompiledModule Module, string Tenant, string Name, CoreDumpChoice CoreDumps);
