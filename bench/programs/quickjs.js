// What an interpreter is used for: objects and calls, closures, arrays, strings, numbers. The value is a checksum.
// Classes and constants are in a function, so that the script can be evaluated again in the same context.
(() => {
function Body(x, y, z, vx, vy, vz, mass) {
  this.x = x; this.y = y; this.z = z; this.vx = vx; this.vy = vy; this.vz = vz; this.mass = mass;
}

function bodies(steps) {
  const all = [
    new Body(0, 0, 0, 0, 0, 0, 39.47), new Body(4.84, -1.16, -0.1, 0.6, 2.81, -0.02, 0.037),
    new Body(8.34, 4.12, -0.4, -1.01, 1.82, 0.008, 0.011), new Body(12.89, -15.11, -0.22, 1.08, 0.86, -0.01, 0.0017),
  ];
  for (let step = 0; step < steps; step++) {
    for (let i = 0; i < all.length; i++) {
      const a = all[i];
      for (let j = i + 1; j < all.length; j++) {
        const b = all[j];
        const dx = a.x - b.x, dy = a.y - b.y, dz = a.z - b.z;
        const squared = dx * dx + dy * dy + dz * dz;
        const magnitude = 0.001 / (squared * Math.sqrt(squared));
        a.vx -= dx * b.mass * magnitude; a.vy -= dy * b.mass * magnitude; a.vz -= dz * b.mass * magnitude;
        b.vx += dx * a.mass * magnitude; b.vy += dy * a.mass * magnitude; b.vz += dz * a.mass * magnitude;
      }
    }
    for (const body of all) {
      body.x += 0.001 * body.vx; body.y += 0.001 * body.vy; body.z += 0.001 * body.vz;
    }
  }
  return Math.floor(all[1].x * 1e6);
}

class Task {
  constructor(id, priority, next) { this.id = id; this.priority = priority; this.next = next; this.queue = []; this.done = 0; }
  run(scheduler) {
    const packet = this.queue.shift();
    if (packet === undefined) return this.next;
    this.done += packet.work;
    if (packet.hops-- > 0) scheduler.send((this.id * 7 + packet.work) % scheduler.tasks.length, packet);
    return this;
  }
}

class Scheduler {
  constructor(count) {
    this.tasks = [];
    let next = null;
    for (let id = 0; id < count; id++) this.tasks.push(next = new Task(id, id % 4, next));
    this.first = next;
  }
  send(id, packet) { this.tasks[id].queue.push(packet); }
  run() {
    let turns = 0;
    for (let busy = true; busy;) {
      busy = false;
      for (let task = this.first; task !== null; turns++) {
        const next = task.run(this);
        if (next === task) busy = true; else task = next;
      }
    }
    return turns;
  }
}

function tasks(hops) {
  const scheduler = new Scheduler(12);
  for (let i = 0; i < 12; i++) scheduler.send(i, { hops, work: i * 3 + 1 });
  const turns = scheduler.run();
  return scheduler.tasks.reduce((sum, task) => sum + task.done, turns);
}

function sorted(count) {
  let seed = 42;
  const values = Array.from({ length: count }, () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff));
  const quick = (from, to) => {
    while (from < to) {
      const pivot = values[(from + to) >> 1];
      let i = from, j = to;
      while (i <= j) {
        while (values[i] < pivot) i++;
        while (values[j] > pivot) j--;
        if (i <= j) { const t = values[i]; values[i++] = values[j]; values[j--] = t; }
      }
      quick(from, j);
      from = i;
    }
  };
  quick(0, count - 1);
  return values[count >> 1];
}

function words(count) {
  const seen = new Map();
  let text = '';
  for (let i = 0; i < count; i++) {
    const word = 'w' + ((i * 7919) % 97).toString(36);
    seen.set(word, (seen.get(word) || 0) + 1);
    text += i % 10 === 0 ? word + '\n' : word + ' ';
  }
  let hash = seen.size;
  for (let i = 0; i < text.length; i++) hash = (hash * 31 + text.charCodeAt(i)) | 0;
  return hash + text.split(' ').filter(word => word.length > 2).length;
}

function mandelbrot(size) {
  let inside = 0;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const cr = 3 * x / size - 2, ci = 2 * y / size - 1;
      let r = 0, i = 0, n = 0;
      while (r * r + i * i < 4 && n < 50) { const t = r * r - i * i + cr; i = 2 * r * i + ci; r = t; n++; }
      if (n === 50) inside++;
    }
  }
  return inside;
}

return bodies(1500) + tasks(800) + sorted(12000) + words(6000) + mandelbrot(60);
})();
