/** What is typed is shown at once and becomes a step of the history when the typing pauses. */
import { useEffect, useRef, useState } from 'react'

const PAUSE_MS = 400

export interface Typing {
  value: string
  onChange: (next: string) => void
  onBlur: () => void
}

/** `settle` is told the text after a pause, or when the field is left. */
export function useTyping(kept: string, settle: (next: string) => void): Typing {
  const [typed, setTyped] = useState<string | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latest = useRef({ typed, settle })
  useEffect(() => {
    latest.current = { typed, settle }
  })

  const finish = () => {
    clearTimeout(timer.current)
    const { typed: text, settle: tell } = latest.current
    if (text === null) return
    latest.current.typed = null
    setTyped(null)
    tell(text)
  }
  // What was typed right before the field disappears is not lost.
  useEffect(
    () => () => {
      clearTimeout(timer.current)
      const { typed: text, settle: tell } = latest.current
      if (text !== null) tell(text)
    },
    [],
  )
  return {
    value: typed ?? kept,
    onChange: (next) => {
      setTyped(next)
      latest.current.typed = next
      clearTimeout(timer.current)
      timer.current = setTimeout(finish, PAUSE_MS)
    },
    onBlur: finish,
  }
}
