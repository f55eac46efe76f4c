/** Tables as CSV files that spreadsheets open as they are, and that run nothing there. */

export type Cell = string | number | null | undefined

export interface Column {
  key: string
  title: string
  /** How a value is shown in the page; in the file it stands as it is. */
  show?: (value: Cell) => string
}

export interface TableOf {
  columns: Column[]
  rows: Record<string, Cell>[]
}

const BEGINS_FORMULA = /^[=+\-@\t\r]/
const NEEDS_QUOTES = /[",\r\n]/
/** Tells spreadsheets that the text is UTF-8. */
const MARK = '\uFEFF'

export function csvOf({ columns, rows }: TableOf): string {
  const lines = [
    columns.map((column) => cell(column.title)),
    ...rows.map((row) => columns.map((column) => cell(row[column.key]))),
  ]
  return MARK + lines.map((line) => line.join(',')).join('\r\n') + '\r\n'
}

function cell(value: Cell): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const text = BEGINS_FORMULA.test(value) ? `'${value}` : value
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Let the browser keep `text` as a file. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name.endsWith('.csv') ? name : `${name}.csv`
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 1000)
}
