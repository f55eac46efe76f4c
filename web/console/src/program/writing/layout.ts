/** How a document is laid out: short things on one line, as deep as its writer indents. */
import {
  isCollection,
  isMap,
  isPair,
  isSeq,
  visit,
  type Node,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'

const SMALL = 76

/** Short collections are written on one line, as people do. */
export function layOut(node: YAMLMap | YAMLSeq): void {
  visit(node, {
    Collection: (_, one) => {
      if (!one.items.length) return
      const text = JSON.stringify(one.toJSON())
      if (text.length > SMALL || depthOf(one) > 2) return
      one.flow = true
      return visit.SKIP
    },
  })
}

export function depthOf(node: unknown): number {
  if (isPair(node)) return depthOf(node.value)
  if (!isMap(node) && !isSeq(node)) return 0
  return 1 + Math.max(0, ...node.items.map(depthOf))
}

export function keepComments(before: Node, after: Node): void {
  after.comment = before.comment
  after.commentBefore = before.commentBefore
  after.spaceBefore = before.spaceBefore
  if (isCollection(before) && isCollection(after) && before.items.length)
    after.flow = before.flow ?? after.flow
}

/** As the document at hand is written. */
export function styleOf(text: string) {
  const indent = /^( +)\S/m.exec(text.replace(/^\s*#.*$/gm, ''))?.[1]?.length ?? 2
  return {
    lineWidth: 0,
    flowCollectionPadding: false,
    indent: Math.min(Math.max(indent, 2), 8),
    indentSeq: !/^( *)[^\s#-][^\n]*:[ \t]*\n\1- /m.test(text),
  }
}
