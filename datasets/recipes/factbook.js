// Passages about countries: country TAB field TAB text.  node factbook.js PACKAGE_FOLDER > factbook.tsv
const fs = require('fs');
const root = process.argv[2];
const fields = [
  ['background', 'Introduction', 'Background'], ['location', 'Geography', 'Location'], ['climate', 'Geography', 'Climate'],
  ['terrain', 'Geography', 'Terrain'], ['natural resources', 'Geography', 'Natural resources'],
  ['capital', 'Government', 'Capital', 'name'], ['languages', 'People and Society', 'Languages'],
  ['religions', 'People and Society', 'Religions'], ['economy', 'Economy', 'Economy - overview'],
  ['industries', 'Economy', 'Industries'], ['exports', 'Economy', 'Exports - commodities']];
const text = (country, keys) => {
  let value = country;
  for (const key of keys) value = value && typeof value === 'object' ? value[key] : undefined;
  return value && typeof value.text === 'string' ? value.text.split(/\s+/u).filter(Boolean).join(' ') : '';
};
const files = [];
for (const region of fs.readdirSync(root).filter((name) => fs.statSync(root + '/' + name).isDirectory()))
  for (const name of fs.readdirSync(root + '/' + region)) if (/^..\.json$/.test(name)) files.push(root + '/' + region + '/' + name);
for (const file of files.sort()) {
  const country = JSON.parse(fs.readFileSync(file, 'utf8'));
  let name = text(country, ['Government', 'Country name', 'conventional short form']);
  if (!name || name.toLowerCase() === 'none') name = text(country, ['Government', 'Country name', 'conventional long form']);
  if (!name) continue;
  for (const [field, ...keys] of fields) {
    const passage = text(country, keys);
    if (passage) fs.writeSync(1, [name, field, passage].join('\t') + '\n');
  }
}
