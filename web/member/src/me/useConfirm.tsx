/** Some deeds want a code that was shown just now: it is asked for, and then the deed is done. */
import { client } from '@regulars/shared/api/client'
import { isProblem } from '@regulars/shared/problems'
import { useMutation } from '@tanstack/react-query'
import { useCallback, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { CodeForm } from '../door/CodeForm'
import { Notice } from '../shell/parts'
import { told } from '../shell/told'

type Guarded = <T>(deed: () => Promise<T>) => Promise<T>

/** `guarded` runs a deed, again after the code where the server wants one; `prompt` has its place
 *  on the page. What the deed threw is thrown when nobody gives the code. */
export function useConfirm(): { guarded: Guarded; prompt: ReactNode } {
  const [isAsking, setAsking] = useState(false)
  const answer = useRef<(isShown: boolean) => void>(undefined)
  const guarded = useCallback<Guarded>(async (deed) => {
    try {
      return await deed()
    } catch (error) {
      if (!isProblem(error) || error.code !== 'second_factor_needed') throw error
      setAsking(true)
      const isShown = await new Promise<boolean>((resolve) => (answer.current = resolve))
      setAsking(false)
      if (!isShown) throw error
      return deed()
    }
  }, [])
  const prompt = isAsking ? <Prompt onEnd={(isShown) => answer.current?.(isShown)} /> : null
  return { guarded, prompt }
}

function Prompt({ onEnd }: { onEnd: (isShown: boolean) => void }) {
  const { t } = useTranslation('me')
  const [isSent, setSent] = useState(false)
  const send = useMutation({
    mutationFn: () => told(client.POST('/v1/me/codes')),
    onSuccess: () => setSent(true),
  })
  const verify = useMutation({
    mutationFn: (code: string) => told(client.POST('/v1/me/codes/verify', { body: { code } })),
    onSuccess: () => onEnd(true),
  })
  const problem = verify.error ?? send.error
  return (
    <Notice>
      <h2>{t('confirm.title')}</h2>
      <p>{isSent ? t('confirm.sent') : t('confirm.text')}</p>
      {isSent ? (
        <CodeForm
          onCode={(code) => verify.mutate(code)}
          onAgain={() => send.mutate()}
          isBusy={verify.isPending}
          problem={problem}
        />
      ) : (
        <button
          type="button"
          className="button"
          disabled={send.isPending}
          onClick={() => send.mutate()}
        >
          {t('confirm.send')}
        </button>
      )}
      <button type="button" className="quiet" onClick={() => onEnd(false)}>
        {t('shared:cancel')}
      </button>
    </Notice>
  )
}
