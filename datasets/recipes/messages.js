// Messages of a program in three languages: English TAB Korean TAB Spanish.  node messages.js KOREAN_PACKAGE SPANISH_PACKAGE > messages.tsv
const fs = require('fs');
const messages = (root) => {
  const found = new Map();
  const folder = root + '/translations/extensions/';
  for (const name of fs.readdirSync(folder).filter((file) => file.endsWith('.json')).sort()) {
    const contents = JSON.parse(fs.readFileSync(folder + name, 'utf8')).contents;
    for (const [part, texts] of Object.entries(contents))
      if (part.includes('bundle')) for (const [english, translated] of Object.entries(texts)) found.set(english, translated);
  }
  return found;
};
const line = (text) => text.split(/\s+/u).filter(Boolean).join(' ');
const [korean, spanish] = process.argv.slice(2).map(messages);
for (const [english, translated] of korean)  // a key may end with a comment for translators
  if (spanish.has(english) && translated !== english)
    fs.writeSync(1, [english.split('/Typings')[0], translated, spanish.get(english)].map(line).join('\t') + '\n');
