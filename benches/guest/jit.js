// What a guest that compiles code while it runs does to an emulator: functions
// become hot, are compiled, turn out to be compiled for the wrong types, and are
// compiled again; regular expressions become code; the heap is collected and
// its code moves. Each part prints what it is, and at its end a sum that depends
// on nothing but the language.
'use strict';

// FNV-1a over the UTF-16 units of a text.
function sumOf(text) {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return sum;
}

// Numbers that look random and are the same in each run.
function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
}

// Parcels travel between stations, each of which treats them in its own way:
// calls by name on objects of several shapes.
class Station {
  constructor(name) { this.name = name; this.queue = []; this.handled = 0; }
  accept(parcel) { this.queue.push(parcel); }
  step(net) {
    const parcel = this.queue.shift();
    if (parcel === undefined) return false;
    this.handled++;
    this.handle(parcel, net);
    return true;
  }
}
class Sorter extends Station {
  handle(parcel, net) { net.send(parcel, parcel.weight % net.stations.length); }
}
class Scale extends Station {
  handle(parcel, net) { parcel.weight = (parcel.weight * 31 + this.handled) % 9973; net.send(parcel, parcel.hops % net.stations.length); }
}
class Stamp extends Station {
  constructor(name) { super(name); this.seen = 0; }
  handle(parcel, net) { this.seen ^= parcel.weight; net.send(parcel, (parcel.weight ^ parcel.hops) % net.stations.length); }
}
class Net {
  constructor() {
    this.stations = [new Sorter('a'), new Scale('b'), new Stamp('c'), new Scale('d'), new Sorter('e'), new Stamp('f')];
    this.done = 0;
  }
  send(parcel, to) {
    if (--parcel.hops <= 0) this.done += parcel.weight;
    else this.stations[to].accept(parcel);
  }
}
function objects(n) {
  let total = 0;
  for (let round = 0; round < n; round++) {
    const net = new Net();
    for (let i = 0; i < 20; i++) net.stations[i % 6].accept({ weight: i * 7 + round, hops: 100 + i });
    let busy = true;
    while (busy) {
      busy = false;
      for (const station of net.stations) busy = station.step(net) || busy;
    }
    total = (total + net.done) >>> 0;
  }
  return total;
}

// Hundreds of functions, each compiled from text of its own; they see integers
// first, then fractions, then texts, which undoes what was compiled for them.
function functions(n) {
  const made = [];
  for (let i = 0; i < n; i++) {
    made.push(new Function('a', 'b', `
      let t = ${i}, u = a;
      for (let i = 0; i < 40; i++) { t = t + (u ${'+-*'[i % 3]} b); u = t ${i % 2 ? '/ 3' : '% 1013'}; }
      return t ${i % 5 ? '+' : '-'} u;`));
  }
  let total = 0;
  for (const kind of [(i) => i, (i) => i + 0.5, (i) => i, (i) => String(i)]) {
    for (let pass = 0; pass < 60; pass++) {
      for (let i = 0; i < made.length; i++) {
        const value = Number(made[i](kind(pass), i & 15));
        if (value > -1e9 && value < 1e9) total = (total + Math.trunc(value)) >>> 0;
      }
    }
  }
  return total;
}

// Regular expressions, some of which are made anew each time.
function expressions(n) {
  const next = numbers(7), words = [];
  for (let i = 0; i < 3000; i++) words.push('k' + (next() % 997) + (i % 3 ? '=' : ':') + next() % 100000);
  const text = words.join(' ; ');
  let total = 0;
  for (let i = 0; i < n; i++) {
    const pairs = text.matchAll(/(\w+)\s*([=:])\s*(\d{2,4})\b/g);
    for (const pair of pairs) total = (total + pair[3].length * (pair[2] === '=' ? 1 : 3)) >>> 0;
    const fresh = new RegExp(`k(${i % 10}\\d*|${i % 7}[0-5]+)[=:](?:\\d*${i % 9})(?=\\s|$)`, 'g');
    total = (total + text.replace(fresh, (all, key) => '<' + key + '>').length) >>> 0;
    total = (total + text.split(/\s*;\s*/).length) >>> 0;
  }
  return total;
}

// Texts are built, written as JSON and read again.
function texts(n) {
  let total = 0;
  for (let i = 0; i < n; i++) {
    const rows = [];
    for (let j = 0; j < 200; j++) rows.push({ id: j, name: 'row ' + (i * j), tags: ['x' + (j % 7), null, j / 8], ok: j % 3 === 0 });
    const back = JSON.parse(JSON.stringify({ rows }));
    let line = '';
    for (const row of back.rows) line += row.name.toUpperCase().padStart(12, '.') + row.tags.join('|');
    total = (total + sumOf(line)) >>> 0;
  }
  return total;
}

// Arithmetic on arrays of one machine type.
function arrays(n) {
  const side = 64, a = new Float64Array(side * side), b = new Float64Array(side * side), c = new Float64Array(side * side);
  for (let i = 0; i < a.length; i++) { a[i] = i % 17; b[i] = (i % 13) / 4; }
  const bits = new Uint32Array(4096);
  let total = 0;
  for (let round = 0; round < n; round++) {
    for (let i = 0; i < side; i++) {
      for (let j = 0; j < side; j++) {
        let sum = 0;
        for (let k = 0; k < side; k++) sum += a[i * side + k] * b[k * side + j];
        c[i * side + j] = sum;
      }
    }
    for (let i = 0; i < 40000; i++) { const at = i & 4095; bits[at] = (bits[at] ^ Math.imul(i + round, 0x9e3779b1)) >>> (i & 1); }
    total = (total + c[(round * 67) % c.length] * 4 + bits[round & 4095]) >>> 0;
  }
  return total;
}

// Trees, maps and closures that live for a while: work for the collector.
function heap(n) {
  const tree = (depth) => depth === 0 ? null : { left: tree(depth - 1), right: tree(depth - 1), depth };
  const count = (node) => node === null ? 0 : 1 + count(node.left) + count(node.right) + (node.depth & 1);
  const kept = [];
  let total = 0;
  for (let i = 0; i < n; i++) {
    kept[i % 8] = tree(11 + i % 3);
    total = (total + count(kept[i % 8])) >>> 0;
    const map = new Map();
    for (let j = 0; j < 2000; j++) map.set(j % 3 ? 'k' + j : j, () => j + i);
    for (const [key, thunk] of map) total = (total + thunk() + (typeof key === 'number' ? 1 : 2)) >>> 0;
  }
  return total;
}

const scale = Number(process.argv[2] || 1);
const how = process.execArgv.includes('--jitless') ? ', interpreted' : '';
for (const [part, n, name] of [
  [objects, 400, 'objects'],
  [functions, 120, 'functions'],
  [expressions, 100, 'regular expressions'],
  [texts, 150, 'texts and JSON'],
  [arrays, 100, 'typed arrays'],
  [heap, 120, 'heap'],
]) {
  const times = Math.max(1, Math.round(n * scale));
  console.log(`begin ${times} ${name}${how}`);
  const start = process.hrtime.bigint();
  const sum = part(times);
  console.log(`end ${sum.toString(16).padStart(16, '0')} ${process.hrtime.bigint() - start} ${name}${how}`);
}
