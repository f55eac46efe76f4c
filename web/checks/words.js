// Every text exists in both languages with the same gaps, and every text asked for exists.
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const PLURAL = /_(zero|one|two|few|many|other)$/
const ASKED = /\bt\(\s*'([^'$]+)'/g
const SPACES = /useTranslation\(\s*(?:\[([^\]]*)\]|'([^']+)')/g

const wrong = []
const known = new Map()
const paths = walk(ROOT)
for (const path of paths.filter((one) => one.endsWith('words.en.json'))) compare(path)
for (const path of paths.filter((one) => /\.tsx?$/.test(one))) lookUp(path)
for (const line of wrong) console.error(line)
process.exit(wrong.length ? 1 : 0)

function compare(path) {
  const english = flat(JSON.parse(readFileSync(path, 'utf8')))
  const chinese = flat(JSON.parse(readFileSync(path.replace('.en.', '.zh.'), 'utf8')))
  known.set(spaceOf(path), new Set(english.keys()))
  const where = relative(ROOT, path)
  for (const [key, text] of english) {
    const other = chinese.get(key)
    if (other === undefined) wrong.push(`${where}: ${key} is missing in Chinese`)
    else if (gaps(text) !== gaps(other))
      wrong.push(`${where}: ${key} fills in other things in Chinese`)
  }
  for (const key of chinese.keys())
    if (!english.has(key)) wrong.push(`${where}: ${key} is missing in English`)
}

/** Texts by their key; the forms of a plural are one text. */
function flat(tree, prefix = '') {
  const found = new Map()
  for (const [key, value] of Object.entries(tree)) {
    const name = prefix + key
    if (typeof value === 'string') found.set(name.replace(PLURAL, ''), value)
    else for (const [inner, text] of flat(value, `${name}.`)) found.set(inner, text)
  }
  return found
}

function gaps(text) {
  const found = [...text.matchAll(/{{\s*-?\s*(\w+)/g)].map((match) => match[1])
  return [...new Set(found)].sort().join()
}

function lookUp(path) {
  const source = readFileSync(path, 'utf8')
  const face = relative(ROOT, path).split(/[\\/]/)[0]
  const spaces = [...source.matchAll(SPACES)].flatMap((match) =>
    (match[1] ?? `'${match[2]}'`).split(',').map((name) => name.trim().slice(1, -1)),
  )
  if (!spaces.length) return
  for (const [, asked] of source.matchAll(ASKED)) {
    const [space, key] = asked.includes(':') ? asked.split(':') : [null, asked]
    const tried = space ? [space] : spaces
    if (!tried.some((name) => has(face, name, key)))
      wrong.push(`${relative(ROOT, path)}: nobody says "${asked}" (in ${tried.join(', ')})`)
  }
}

function has(face, space, key) {
  return known.get(`${face}/${space}`)?.has(key) || known.get(`shared/${space}`)?.has(key)
}

function spaceOf(path) {
  const face = relative(ROOT, path).split(/[\\/]/)[0]
  return face === 'shared' ? 'shared/shared' : `${face}/${basename(dirname(path))}`
}

function walk(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (!entry.isDirectory()) return [path]
    return entry.name === 'node_modules' ? [] : walk(path)
  })
}
