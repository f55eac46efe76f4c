/** One text with one history, whoever writes in it: the editor or the forms. */
import { history, isolateHistory, redo, redoDepth, undo, undoDepth } from '@codemirror/commands'
import {
  EditorState,
  Transaction,
  type Extension,
  type StateCommand,
  type TransactionSpec,
} from '@codemirror/state'
import { EditorView } from '@codemirror/view'

import { edit, type Tree } from './tree'

export class Writing {
  #state: EditorState
  #view: EditorView | null = null
  #text: string
  readonly #listeners = new Set<() => void>()

  constructor(text: string, extensions: Extension = []) {
    this.#state = EditorState.create({ doc: text, extensions: [history(), extensions] })
    this.#text = this.#state.doc.toString()
  }

  get text(): string {
    return this.#text
  }

  get state(): EditorState {
    return this.#state
  }

  get canUndo(): boolean {
    return undoDepth(this.#state) > 0
  }

  get canRedo(): boolean {
    return redoDepth(this.#state) > 0
  }

  readonly snapshot = (): string => this.#text

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Change the tree of the document; one step of the history. */
  edit(change: (tree: Tree) => void): void {
    this.replace(edit(this.#text, change))
  }

  /** Another text, as one step of the history; what both have in common is left alone. */
  replace(next: string): void {
    const before = this.#text
    if (next === before) return
    const most = Math.min(next.length, before.length)
    let start = 0
    while (start < most && next[start] === before[start]) start++
    let end = 0
    while (end < most - start && next.at(-1 - end) === before.at(-1 - end)) end++
    this.dispatch({
      changes: {
        from: start,
        to: before.length - end,
        insert: next.slice(start, next.length - end),
      },
      annotations: isolateHistory.of('full'),
    })
  }

  /** Another text that is nobody's step here: what a colleague has saved. */
  adopt(next: string): void {
    this.dispatch({
      changes: { from: 0, to: this.#text.length, insert: next },
      annotations: Transaction.addToHistory.of(false),
    })
  }

  undo(): void {
    this.#command(undo)
  }

  redo(): void {
    this.#command(redo)
  }

  dispatch(spec: TransactionSpec): void {
    this.#take(this.#state.update(spec))
  }

  /** Show the text in an element, until the answer is called. */
  attach(parent: HTMLElement): () => void {
    const view = new EditorView({
      state: this.#state,
      parent,
      dispatchTransactions: (transactions) => transactions.forEach((one) => this.#take(one)),
    })
    this.#view = view
    return () => {
      if (this.#view === view) this.#view = null
      view.destroy()
    }
  }

  /** Let the editor, where it is open, show these characters. */
  reveal(from: number, to: number, { focus = false }: { focus?: boolean } = {}): void {
    const length = this.#state.doc.length
    const range = { anchor: Math.min(from, length), head: Math.min(to, length) }
    this.dispatch({
      selection: focus ? { anchor: range.anchor } : range,
      effects: EditorView.scrollIntoView(range.anchor, { y: 'start', yMargin: 40 }),
    })
    if (focus) this.#view?.focus()
  }

  #command(command: StateCommand): void {
    command({ state: this.#state, dispatch: (transaction) => this.#take(transaction) })
  }

  #take(transaction: Transaction): void {
    if (this.#view) this.#view.update([transaction])
    this.#state = transaction.state
    if (!transaction.docChanged) return
    this.#text = this.#state.doc.toString()
    for (const listener of this.#listeners) listener()
  }
}
