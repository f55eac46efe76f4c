/** How the text is edited: keys, colours, completion, help, marks of what is wrong. */
import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  type CompletionSource,
} from '@codemirror/autocomplete'
import { defaultKeymap, historyKeymap, indentLess, indentMore } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import {
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from '@codemirror/language'
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { Compartment, EditorState, type Extension } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
  type HoverTooltipSource,
} from '@codemirror/view'
import { tags } from '@lezer/highlight'
import type { GlobalToken } from 'antd'

import type { Writing } from './writing'

const nonce = document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.content ?? ''

const look = new Compartment()
const speech = new Compartment()
const access = new Compartment()

interface Help {
  complete: CompletionSource
  hover: HoverTooltipSource
}

export function extensions({ complete, hover }: Help): Extension {
  return [
    nonce ? EditorView.cspNonce.of(nonce) : [],
    lineNumbers(),
    foldGutter(),
    codeFolding(),
    lintGutter(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    drawSelection(),
    indentOnInput(),
    indentUnit.of('  '),
    bracketMatching(),
    closeBrackets(),
    highlightSelectionMatches(),
    search({ top: true }),
    autocompletion({ override: [complete], icons: false }),
    hoverTooltip(hover, { hoverTime: 250 }),
    EditorView.lineWrapping,
    yaml(),
    // Tab leaves the field, as everywhere on the page; brackets with a modifier indent.
    keymap.of([
      { key: 'Tab', run: acceptCompletion },
      { key: 'Mod-]', run: indentMore },
      { key: 'Mod-[', run: indentLess },
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...completionKeymap,
      ...lintKeymap,
    ]),
    look.of([]),
    speech.of([]),
    access.of([]),
  ]
}

export function setLook(writing: Writing, token: GlobalToken, isDark: boolean): void {
  writing.dispatch({ effects: look.reconfigure(lookOf(token, isDark)) })
}

export function setSpeech(writing: Writing, label: string, phrases: Record<string, string>): void {
  writing.dispatch({
    effects: speech.reconfigure([
      EditorState.phrases.of(phrases),
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    ]),
  })
}

export function setReadOnly(writing: Writing, isReadOnly: boolean): void {
  writing.dispatch({ effects: access.reconfigure(EditorState.readOnly.of(isReadOnly)) })
}

export function setMarks(writing: Writing, marks: Diagnostic[]): void {
  const length = writing.state.doc.length
  const inside = marks
    .map((one) => ({ ...one, from: Math.min(one.from, length), to: Math.min(one.to, length) }))
    .sort((one, other) => one.from - other.from)
  writing.dispatch(setDiagnostics(writing.state, inside))
}

function lookOf(token: GlobalToken, isDark: boolean): Extension {
  const theme = EditorView.theme(
    {
      '&': { height: '100%', color: token.colorText, backgroundColor: token.colorBgContainer },
      '.cm-scroller': { fontFamily: token.fontFamilyCode, fontSize: '13px', lineHeight: '1.55' },
      '.cm-content': { caretColor: token.colorText },
      '.cm-cursor': { borderLeftColor: token.colorText },
      '.cm-gutters': {
        backgroundColor: token.colorFillQuaternary,
        color: token.colorTextTertiary,
        border: 'none',
      },
      '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: token.colorFillQuaternary },
      '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
        { backgroundColor: token.controlItemBgActive },
      '&.cm-focused': { outline: 'none' },
      '.cm-tooltip, .cm-panels': {
        backgroundColor: token.colorBgElevated,
        color: token.colorText,
        border: `1px solid ${token.colorBorderSecondary}`,
      },
      '.cm-tooltip-autocomplete ul li[aria-selected]': {
        backgroundColor: token.colorPrimary,
        color: token.colorTextLightSolid,
      },
      '.cm-help': { padding: '6px 10px', maxWidth: '360px', fontFamily: token.fontFamily },
      '.cm-button, .cm-textfield': {
        backgroundImage: 'none',
        backgroundColor: token.colorBgContainer,
        border: `1px solid ${token.colorBorder}`,
        color: token.colorText,
      },
      '.cm-foldPlaceholder': { backgroundColor: token.colorFillSecondary, border: 'none' },
    },
    { dark: isDark },
  )
  const style = HighlightStyle.define([
    { tag: tags.comment, color: token.colorTextSecondary, fontStyle: 'italic' },
    { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: token.colorLink },
    { tag: [tags.string, tags.special(tags.string)], color: token.colorText },
    { tag: [tags.number, tags.bool, tags.keyword], color: token.colorWarningText },
    { tag: [tags.punctuation, tags.separator], color: token.colorTextSecondary },
    { tag: [tags.labelName, tags.typeName], color: token.colorInfoText },
  ])
  return [theme, syntaxHighlighting(style)]
}
