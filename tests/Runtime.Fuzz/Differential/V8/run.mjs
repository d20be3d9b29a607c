// Runs modules in V8. Standard input: { fuel, maxDepth, thrown, tooDeep, modules: [{ binary, calls: [{ name, arguments }] }] }, where numbers are "type:hexadecimal bits".
// Standard output: a line for each module, { calls: [{ trap, results, observed }], globals, memories }.
// A NaN is given as the canonical one: JavaScript's numbers do not keep which one it was.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const request = JSON.parse(readFileSync(0, 'utf8'));
const view = new DataView(new ArrayBuffer(8));

const writers = {
  I32: value => (value >>> 0).toString(16),
  I64: value => BigInt.asUintN(64, value).toString(16),
  F32: value => { view.setFloat32(0, value); return Number.isNaN(value) ? '7fc00000' : view.getUint32(0).toString(16); },
  F64: value => { view.setFloat64(0, value); return Number.isNaN(value) ? '7ff8000000000000' : view.getBigUint64(0).toString(16); },
};

const readers = {
  I32: bits => Number(bits) | 0,
  I64: bits => BigInt.asIntN(64, bits),
  F32: bits => { view.setUint32(0, Number(bits)); return view.getFloat32(0); },
  F64: bits => { view.setBigUint64(0, bits); return view.getFloat64(0); },
};

const write = (type, value) => `${type}:${writers[type](value)}`;
const bitsOf = (type, value) => BigInt('0x' + writers[type](value));

function read(text) {
  const [type, bits] = text.split(':');
  return readers[type](BigInt('0x' + bits));
}

// What V8 says of a trap, in words that both engines share. It has one message for two kinds now and then.
function kindOf(error) {
  if (error instanceof WebAssembly.Exception) return 'UncaughtException';
  if (error instanceof RangeError) return 'StackExhausted';
  if (!(error instanceof WebAssembly.RuntimeError)) throw error;
  const message = error.message;
  return message.includes('unreachable') ? 'Unreachable'
    : message.includes('by zero') ? 'DivideByZero'
    : message.includes('divide result unrepresentable') ? 'IntegerOverflow'
    : message.includes('float unrepresentable') ? 'BadConversion'
    : message.includes('memory access') || message.includes('data segment') ? 'OutOfBoundsMemory'
    : message.includes('table') || message.includes('element segment') ? 'OutOfBoundsTable'
    : message.includes('signature mismatch') ? 'WrongSignature'
    : message;
}

function run({ binary, calls }) {
  let observed = [];
  let depth = 0;
  const host = {
    observe(a, b, c, d) {
      observed.push(write('I32', a), write('I64', b), write('F32', c), write('F64', d));
      const mixed = (bitsOf('I32', a) * 0x9E3779B97F4A7C15n) ^ bitsOf('I64', b) ^ (bitsOf('F32', c) << 17n) ^ bitsOf('F64', d);
      return BigInt.asIntN(64, mixed);
    },
    again(n) {
      if (depth === request.maxDepth) return BigInt(request.tooDeep);
      depth++;
      try {
        return exports.again(n);
      } catch (error) {
        if (error instanceof WebAssembly.Exception) return BigInt(request.thrown);
        throw error;
      } finally {
        depth--;
      }
    },
  };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(binary, 'base64')), { host });
  const outcomes = calls.map(call => {
    observed = [];
    exports.fuel.value = request.fuel;
    try {
      const results = exports[call.name](...call.arguments.map(read));
      const values = call.results.length === 0 ? [] : call.results.length === 1 ? [results] : results;
      return { trap: null, results: call.results.map((type, i) => write(type, values[i])), observed };
    } catch (error) {
      return { trap: kindOf(error), results: [], observed };
    }
  });
  const globals = {};
  const memories = {};
  for (const [name, value] of Object.entries(exports)) {
    if (value instanceof WebAssembly.Memory) memories[name] = createHash('sha256').update(new Uint8Array(value.buffer)).digest('hex');
    if (value instanceof WebAssembly.Global) globals[name] = value.value;
  }

  for (const [name, type] of Object.entries(request.globals ?? {})) globals[name] = write(type, globals[name]);
  return { calls: outcomes, globals, memories };
}

for (const module of request.modules) {
  request.globals = module.globals;
  process.stdout.write(JSON.stringify(run(module)) + '\n');
}
