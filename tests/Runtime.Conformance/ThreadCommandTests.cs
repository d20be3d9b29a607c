using HostService.Runtime.Conformance.Running;
using HostService.Runtime.Conformance.Scripts;
using Xunit;

namespace HostService.Runtime.Conformance;

/// <summary>The commands <c>thread</c> and <c>wait</c>: threads of a script see one memory.</summary>
public sealed class ThreadCommandTests : IDisposable
{
    // (module (memory (export "shared") 1 1 shared))
    private const string Memory = "0061736d01000000050401030101070a01067368617265640200";

    // (module (memory (import "mem" "shared") 1 1 shared)
    //   (func (export "wait") (result i32) (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))) (i32.atomic.load (i32.const 0))))
    private const string Waiter =
        "0061736d010000000105016000017f021001036d656d067368617265640203010103020100070801047761697400000a1501130041004100427ffe0102001a4100fe1002000b";

    // (module (memory (import "mem" "shared") 1 1 shared)
    //   (func (export "run") (i32.atomic.store (i32.const 0) (i32.const 42)) (drop (memory.atomic.notify (i32.const 0) (i32.const 1)))))
    private const string Notifier =
        "0061736d01000000010401600000021001036d656d0673686172656402030101030201000707010372756e00000a150113004100412afe17020041004101fe0002001a0b";

    private readonly string _folder = Directory.CreateTempSubdirectory("hostservice-threads-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Threads_OfOneSharedModule_WaitForAndWakeEachOther()
    {
        Write("mem", Memory);
        Write("waiter", Waiter);
        Write("notifier", Notifier);
        var script = """
            {"source_filename":"script.wast","commands":[
            {"type":"module","line":1,"name":"Mem","filename":"mem.wasm","module_type":"binary"},
            {"type":"thread","line":2,"name":"T1","shared_module":"Mem","commands":[
              {"type":"register","line":3,"name":"Mem","as":"mem"},
              {"type":"module","line":4,"filename":"waiter.wasm","module_type":"binary"},
              {"type":"assert_return","line":5,"action":{"type":"invoke","field":"wait","args":[]},"expected":[{"type":"i32","value":"42"}]}]},
            {"type":"thread","line":6,"name":"T2","shared_module":"Mem","commands":[
              {"type":"register","line":7,"name":"Mem","as":"mem"},
              {"type":"module","line":8,"filename":"notifier.wasm","module_type":"binary"},
              {"type":"action","line":9,"action":{"type":"invoke","field":"run","args":[]}}]},
            {"type":"wait","line":10,"thread":"T1"},
            {"type":"wait","line":11,"thread":"T2"}]}
            """;
        var file = Path.Combine(_folder, "script.json");
        File.WriteAllText(file, script);

        var result = ScriptRunner.Run(Script.TryLoad(_folder, file)!, new ScriptOptions { Timeout = TimeSpan.FromSeconds(60) });

        Assert.Empty(result.Failures);
        Assert.Equal(5, result.Passed);
    }

    private void Write(string name, string hex) => File.WriteAllBytes(Path.Combine(_folder, name + ".wasm"), Convert.FromHexString(hex));
}
