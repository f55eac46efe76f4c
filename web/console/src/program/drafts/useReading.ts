/** What is known of a text while it is written: its values, and what is wrong with it. */
import { api } from '@regulars/shared/api/client'
import { problemOf } from '@regulars/shared/problems'
import { keepPreviousData } from '@tanstack/react-query'
import { useDeferredValue, useEffect, useMemo, useState } from 'react'

import type { Finding } from '../forms/context'
import { parse, type Parsed } from '../writing/tree'

const PAUSE_MS = 300

export interface Reading {
  /** As it is now, perhaps unreadable. */
  parsed: Parsed
  /** The values that could be read last. */
  value: Record<string, unknown>
  isReadable: boolean
  findings: Finding[]
  /** The findings are those of the text as it stands. */
  isChecked: boolean
  isPublishable: boolean
  problem: unknown
}

export function useReading(text: string): Reading {
  const deferred = useDeferredValue(text)
  const parsed = useMemo(() => parse(deferred), [deferred])
  const [good, setGood] = useState<Parsed>(parsed)
  if (!parsed.faults.length && parsed !== good) setGood(parsed)
  const settled = useSettled(text)
  const lint = api.useQuery(
    'post',
    '/v1/programs:lint',
    { body: { document: settled || ' ' } },
    { placeholderData: keepPreviousData, staleTime: Infinity, gcTime: 60_000 },
  )
  const isUnreadable = lint.isError && problemOf(lint.error).code === 'program_invalid'
  const isChecked = settled === text && (lint.isSuccess || isUnreadable) && !lint.isPlaceholderData
  const own = useMemo(
    () => (parsed.faults.length ? findingsOf(deferred, parsed) : []),
    [deferred, parsed],
  )
  const told = useMemo(
    () => (isUnreadable ? faultsOf(lint.error) : lint.data?.findings),
    [isUnreadable, lint.error, lint.data],
  )
  const findings = isChecked || !own.length ? (told ?? own) : own
  const { value } = good
  return {
    parsed,
    value: (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>,
    isReadable: !parsed.faults.length,
    findings,
    isChecked,
    isPublishable: isChecked && lint.data?.publishable === true,
    problem: isUnreadable ? null : lint.error,
  }
}

/** A text that is no program at all is refused, with what is wrong and where. */
function faultsOf(thrown: unknown): Finding[] {
  return problemOf(thrown).errors.map(({ code, pointer, detail, line, column }) => ({
    severity: 'error',
    code,
    pointer,
    line: line ?? 1,
    column: column ?? 1,
    message: detail,
  }))
}

/** The text once its writer pauses. */
export function useSettled(text: string, pause = PAUSE_MS): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), pause)
    return () => clearTimeout(timer)
  }, [text, pause])
  return settled
}

function findingsOf(text: string, parsed: Parsed): Finding[] {
  return parsed.faults.map((fault) => {
    const before = text.slice(0, fault.from).split('\n')
    return {
      severity: 'error',
      code: 'unreadable',
      pointer: '',
      line: before.length,
      column: (before.at(-1)?.length ?? 0) + 1,
      message: fault.message,
    }
  })
}

/** From a line and a column, which count from 1, to the end of the word there. */
export function spanAt(text: string, line: number, column: number): [number, number] {
  let from = 0
  for (let number = 1; number < line; number++) {
    const next = text.indexOf('\n', from)
    if (next < 0) break
    from = next + 1
  }
  from = Math.min(from + column - 1, text.length)
  const length = /^[^\s,:{}[\]]+/.exec(text.slice(from, from + 200))?.[0].length ?? 1
  return [from, Math.min(from + length, text.length)]
}
