/** The icons as PNG, drawn here from the same shapes as `public/icon.svg`: a card with a star. */
import { deflateSync } from 'node:zlib'

const GREEN = [0x0b, 0x6b, 0x47, 255]
const DARK = [0x0d, 0x3b, 0x2a, 255]
const WHITE = [255, 255, 255, 255]
const NONE = [0, 0, 0, 0]

/** Of the picture's 512 units. */
const WHOLE = 512
const SAMPLES = 3
const STAR = [
  [256, 262],
  [269, 289],
  [299, 293],
  [277, 314],
  [282, 344],
  [256, 330],
  [230, 344],
  [235, 314],
  [213, 293],
  [243, 289],
]

export function icons() {
  return [
    { fileName: 'icon-180.png', source: png(180, 0) },
    { fileName: 'icon-192.png', source: png(192, 112) },
    { fileName: 'icon-512.png', source: png(512, 112) },
    // Cut to any shape by whoever shows it.
    { fileName: 'icon-maskable-512.png', source: png(512, 0) },
  ]
}

/** What is at a point, from the uppermost shape down. */
function colourAt(x, y, corner) {
  if (isInPolygon(x, y, STAR)) return GREEN
  if (isInRound(x, y, 116, 152, 280, 208, 28)) return y >= 200 && y < 236 ? DARK : WHITE
  return isInRound(x, y, 0, 0, WHOLE, WHOLE, corner) ? GREEN : NONE
}

function isInRound(x, y, left, top, width, height, radius) {
  // prettier-ignore
  const nearX = Math.max(left + radius, Math.min(x, left + width - radius))
  const nearY = Math.max(top + radius, Math.min(y, top + height - radius))
  return Math.hypot(x - nearX, y - nearY) <= radius || (radius === 0 && nearX === x && nearY === y)
}

function isInPolygon(x, y, corners) {
  let isIn = false
  corners.forEach(([x1, y1], place) => {
    const [x2, y2] = corners[(place + 1) % corners.length]
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) isIn = !isIn
  })
  return isIn
}

function png(size, corner) {
  const rows = Buffer.alloc(size * (size * 4 + 1))
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const mixed = mixedAt(column, row, size, corner)
      rows.set(mixed, row * (size * 4 + 1) + 1 + column * 4)
    }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(size, 0)
  head.writeUInt32BE(size, 4)
  head.set([8, 6, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** The mean of some points of a pixel, so that edges are smooth. */
function mixedAt(column, row, size, corner) {
  const sum = [0, 0, 0, 0]
  for (let n = 0; n < SAMPLES * SAMPLES; n++) {
    const x = ((column + ((n % SAMPLES) + 0.5) / SAMPLES) * WHOLE) / size
    const y = ((row + (Math.floor(n / SAMPLES) + 0.5) / SAMPLES) * WHOLE) / size
    const [red, green, blue, alpha] = colourAt(x, y, corner)
    for (const [place, value] of [red, green, blue].entries())
      sum[place] = sum[place] + (value * alpha) / 255
    sum[3] = sum[3] + alpha
  }
  const alpha = sum[3]
  const part = alpha / 255 || 1
  return [...sum.slice(0, 3).map((value) => Math.round(value / part)), alpha / SAMPLES ** 2]
}

function chunk(type, data) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(named.length + 8)
  framed.writeUInt32BE(data.length, 0)
  framed.set(named, 4)
  framed.writeUInt32BE(crc(named), named.length + 4)
  return framed
}

function crc(bytes) {
  let rest = 0xffffffff
  for (const byte of bytes) {
    rest ^= byte
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1
  }
  return (rest ^ 0xffffffff) >>> 0
}
