// Where typed letters belong in texts that were misread. Pure.
//
// Who sees a misread word types the letters that are right: "rn" where the fields have
// "Kubemetes", "rna" where they have "Kubemetes" and "Roso" as well. Of all ways to put
// them in, in this order, those are sought that change least, and make known words of
// unknown ones: the more is typed, the surer is the place. A piece that is put in may begin
// and end with letters that are right already. The search goes through the text once for
// each letter and keeps the cheapest ways at each place, as in Viterbi's algorithm.
"use strict";

// What a way costs, as logarithms of chances are: set by hand, not fitted. `known`
// of 1 or `sure` of 1.3 change the keys that drawn boards take by at most 1 in 100.
const COST = {
  piece: 1, // one more place
  ofOtherCase: 0.3, alike: 0.6, other: 1.2, // another letter for the one that stands
  more: 1.2, further: 0.7, less: 0.9, // a letter put in, the next beside it, one left out
  pair: 0.8, // one letter for two that look like it, or two for one
  unknown: 2, short: 1, // a word that nobody knows; a number, or of few letters
  known: 0.6, // share of that which an unknown word that goes gives back
  sure: 0.8, // a word that is not marked as unsure
  field: 1, inField: 0.25, // into a field that is empty; each letter of it
  cut: 1.5, inCut: 0.1, // what stands before or behind in its field goes; each letter of it
};
const KEPT = 8; // ways at each place of the text
const FOUND = 4; // ways that are offered
const LONGEST = 600; // letters of all fields: longer descriptions are left as they are
const ALIKE = new Set(
  "aoecdqgu0 il1jtfr!|I/7 mnruwvhN gqy9j s5z28S bhkdp6 coOQDG0e BRPKE8F MNWHVU LItlJ1 xkKX ft+ TIJY7 aA4 .,:;-' üuö nñ äa éèe"
    .split(" ").flatMap((group) => [...group].flatMap((one) => [...group].map((other) => one + other))),
);
const PAIRS = new Set("rnm rem nim inm iim vvw uuw ocx cld old cia iiu liu lih lin tih".split(" ")); // two, and what they look like
const WORDS = /[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*/gu;
const END = "\0"; // of a field: nobody types it
const letters = new Map(); // whether signs are letters: asked for very often
function isLetter(sign) {
  if (!letters.has(sign)) letters.set(sign, sign !== undefined && /[\p{L}\p{N}]/u.test(sign));
  return letters.get(sign);
}

function unknown(word, knows) {
  if (!word || knows(word.toLowerCase().replaceAll("’", "'"))) return 0;
  return word.length < 3 || /^\p{N}+$/u.test(word) ? COST.short : COST.unknown;
}

// The cheapest different ways. A word that is not at its end yet may look cheap until
// then: it does not push out others.
function cheapestOf(ways) {
  const kept = [[], []];
  const names = new Set();
  for (const way of ways.sort((one, other) => one.cost - other.cost)) {
    const some = kept[Number(way.changed)];
    const name = some.length < KEPT && `${way.piece}${way.run}${way.text}`;
    if (name && !names.has(name)) some.push(way);
    names.add(name);
  }
  return kept.flat();
}

// Return what finds, for letters that were typed, the likeliest texts of the fields.
function mender(fields, knows, doubts) {
  // Signs of two code units are one of a private range meanwhile, and so are its own.
  const wide = [];
  const packed = (one) => one.replace(/[\u{10000}-\u{10ffff}\ue000-\uf8ff]/gu, (sign) => String.fromCharCode(0xe000 + (wide.includes(sign) ? wide.indexOf(sign) : wide.push(sign) - 1)));
  const unpacked = (one) => one.replace(/[\ue000-\uf8ff]/g, (sign) => wide[sign.charCodeAt(0) - 0xe000] ?? sign);
  const left = fields.map((text) => (fields.join("").length > LONGEST && text.length > LONGEST / 3 ? "" : text));
  const text = packed(left.map((one) => one + END).join(""));
  const wordAt = [];
  for (const [number, { 0: word, index }] of [...text.matchAll(WORDS)].entries()) {
    const cost = (doubts(word.toLowerCase()) ? 0 : COST.sure) - COST.known * unknown(word, knows);
    wordAt.fill(null, index, index + word.length);
    for (let at = index; at < index + word.length; at += 1) wordAt[at] = { number, cost };
  }
  const ends = Array.from(text, (_, at) => text.indexOf(END, at));
  const columns = []; // the ways to have put in so many letters, by what of the text is behind them
  let typed = "";

  // A way goes on with a sign; `changed` says whether its word is not what it was.
  function on(way, sign, cost, piece, changed = way.changed, run = false) {
    const ends = way.changed && !isLetter(sign) && !/['’]/.test(sign);
    const word = ends ? /[\p{L}\p{N}'’]*$/u.exec(way.text)[0] : "";
    return { text: way.text + sign, cost: way.cost + cost + unknown(word, knows), piece, changed: changed && !(ends && changed === way.changed), touched: way.touched, run };
  }

  // The words at a place of the text are not what they were.
  function touch(way, at) {
    const words = wordAt[at] ? [wordAt[at]] : wordAt[at - 1] && wordAt[at + 1] ? [wordAt[at - 1], wordAt[at + 1]] : [];
    let { cost, touched } = way;
    for (const word of words) if (word.number > touched) [cost, touched] = [cost + word.cost, word.number];
    return { ...way, cost, touched, changed: way.changed || words.length > 0 };
  }

  const replaced = (way, at, sign, cost, next) => {
    const before = touch(way, at);
    return on(before, sign, cost, 2, isLetter(sign) || (before.changed && isLetter(text[next])));
  };

  // Where words of a field begin behind its first one.
  const starts = [...text.matchAll(/(?<=\s)\S/g)].map(({ index }) => index);
  const startsAfter = (at) => starts.filter((start) => start > at && start < ends[at]);

  function column(count) {
    const ways = Array.from({ length: text.length + 1 }, () => []);
    const put = (at, way) => ways[at].push(way);
    const sign = typed[count - 1];
    const two = typed.slice(Math.max(0, count - 2), count);
    if (!count) put(0, { text: "", cost: 0, piece: 0, changed: false, touched: -1, run: false });
    for (let at = 0; at <= text.length; at += 1) {
      for (const way of count ? columns[count - 1][at] : []) {
        if (at === text.length) break;
        if (way.piece === 3) {
          if (text[at] === sign) put(at + 1, on(way, sign, 0, 2));
          continue;
        }
        const begun = way.piece ? 0 : COST.piece;
        const inside = isLetter(text[at]) && isLetter(text[at - 1]);
        const beside = isLetter(sign) ? (isLetter(text[at]) ? at : at - 1) : inside ? at : -1;
        const before = wordAt[beside] ? touch(way, beside) : way;
        put(at, on(before, sign, begun + (way.run ? COST.further : COST.more), 2, isLetter(sign) || inside, true));
        if (text[at] === END) continue;
        if (text[at] === sign) {
          put(at + 1, on(way, sign, begun, way.piece || 1));
          const end = ends[at];
          if (end > at + 1 && !(isLetter(sign) && isLetter(text[at + 1]))) put(end, on(way, sign, begun + COST.cut + COST.inCut * (end - at - 1), 2));
        }
        else {
          const cost = text[at].toLowerCase() === sign.toLowerCase() ? COST.ofOtherCase : ALIKE.has(text[at] + sign) ? COST.alike : COST.other;
          put(at + 1, replaced(way, at, sign, begun + cost, at + 1));
        }
        if (PAIRS.has(text.slice(at, at + 2) + sign)) put(at + 2, replaced(way, at, sign, begun + COST.pair, at + 2));
      }
      for (const way of count > 1 && PAIRS.has(two + text[at]) ? columns[count - 2][at] : []) {
        if (way.piece === 3) continue;
        const begun = way.piece ? 0 : COST.piece;
        put(at + 1, on(replaced(way, at, two[0], begun + COST.pair, at + 1), two[1], 0, 2));
      }
      const cheapest = (ways[at] = cheapestOf(ways[at]));
      if (at === text.length) break;
      for (const way of cheapest) {
        // The first words of a field go, up to one that begins as is typed next.
        for (const start of way.piece === 0 && (!at || text[at - 1] === END) ? startsAfter(at) : []) {
          put(start, { ...way, cost: way.cost + COST.piece + COST.cut + COST.inCut * (start - at), piece: 3, run: false });
        }
        if (way.piece === 3) continue;
        if (way.piece !== 1) put(at + 1, on(way, text[at], 0, 0));
        if (way.piece && text[at] !== END) put(at + 1, { ...touch(way, at), cost: touch(way, at).cost + COST.less, piece: 2, run: false });
      }
    }
    return ways;
  }

  // All that is yet to be put in, into the first or the last field if it is empty.
  function* intoFields() {
    for (const at of [0, text.length - 1]) {
      if (text[at] !== END || (at && text[at - 1] !== END)) continue;
      for (let count = 0; count < typed.length; count += 1) {
        const rest = typed.slice(count);
        for (const way of columns[count][at]) {
          const cost = way.cost + COST.piece + COST.field + COST.inField * rest.length;
          if (way.piece === 0 || way.piece === 2) yield { text: way.text + rest + text.slice(at), cost };
        }
      }
    }
  }

  return (said) => {
    const letters = packed(said);
    let same = 0;
    while (same < Math.min(typed.length, letters.length) && typed[same] === letters[same]) same += 1;
    typed = letters;
    columns.length = Math.min(columns.length, same + 1);
    while (columns.length <= typed.length) columns.push(column(columns.length));
    const done = columns[typed.length][text.length].filter((way) => way.piece === 0 || way.piece === 2);
    const found = [...done, ...intoFields()].sort((one, other) => one.cost - other.cost).map((way) => way.text);
    const texts = [...new Set(found)].slice(0, FOUND).map((one) => unpacked(one).slice(0, -1).split(END));
    const whole = texts.map((one) => one.map((part, number) => (left[number] === fields[number] ? part : fields[number])));
    return whole.filter((one) => one.some((part, number) => part !== fields[number]));
  };
}
