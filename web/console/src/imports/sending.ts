/** Sends a file, and tells how much of it has gone; `fetch` cannot tell. */
import type { Schemas } from '@regulars/shared/api/client'
import { language } from '@regulars/shared/languages'
import { useCallback, useRef, useState } from 'react'

export type Opened = Schemas['OpenedImportAnswer']

interface Sending {
  /** From 0 to 1; undefined while nothing is sent. */
  share: number | undefined
  problem: unknown
  send: (file: File) => Promise<Opened | undefined>
  stop: () => void
}

/** `corrects`: the import of which the file holds corrected rows. */
export function useSending(corrects?: string): Sending {
  const [share, setShare] = useState<number>()
  const [problem, setProblem] = useState<unknown>()
  const request = useRef<XMLHttpRequest>(undefined)

  const send = useCallback(
    async (file: File) => {
      setProblem(undefined)
      setShare(0)
      const xhr = new XMLHttpRequest()
      request.current = xhr
      try {
        return await sent(xhr, file, corrects, setShare)
      } catch (error) {
        if (error !== STOPPED) setProblem(error)
        return undefined
      } finally {
        setShare(undefined)
      }
    },
    [corrects],
  )
  const stop = useCallback(() => request.current?.abort(), [])
  return { share, problem, send, stop }
}

const STOPPED = new Error('stopped')

function sent(
  xhr: XMLHttpRequest,
  file: File,
  corrects: string | undefined,
  tell: (share: number) => void,
): Promise<Opened> {
  const asked = new URLSearchParams({ name: file.name, ...(corrects ? { corrects } : {}) })
  return new Promise((resolve, reject: (why: Error) => void) => {
    xhr.open('POST', `/v1/imports?${asked.toString()}`)
    xhr.setRequestHeader('Content-Type', 'application/octet-stream')
    xhr.setRequestHeader('Accept-Language', language() === 'zh' ? 'zh-CN' : 'en')
    xhr.upload.onprogress = (event) => tell(event.total ? event.loaded / event.total : 1)
    xhr.onabort = () => reject(STOPPED)
    xhr.onerror = () => reject(new TypeError('no answer'))
    xhr.onload = () => {
      let answer: unknown
      try {
        answer = JSON.parse(xhr.responseText)
      } catch {
        answer = new TypeError('no answer')
      }
      if (xhr.status === 201) resolve(answer as Opened)
      else reject(answer as Error)
    }
    xhr.send(file)
  })
}
