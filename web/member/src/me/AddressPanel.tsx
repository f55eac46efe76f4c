/** The phone number or e-mail address by which one signs in: another one is proven first. */
import { client, type Schemas } from '@regulars/shared/api/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type SyntheticEvent } from 'react'
import { useTranslation } from 'react-i18next'

import { addressOf, type Address } from '../door/address'
import { CodeForm } from '../door/CodeForm'
import { Field, Notice, Panel, Refusal } from '../shell/parts'
import { sent, told } from '../shell/told'
import { useConfirm } from './useConfirm'

type Kind = 'phone' | 'email'
type Answer = Schemas['ProfileAnswer']

export function AddressPanel({ kind, answer }: { kind: Kind; answer: Answer }) {
  const { t } = useTranslation('me')
  const [isOpen, setOpen] = useState(false)
  const now = answer.profile[kind]
  return (
    <Panel title={t(`profile.${kind}`)}>
      <p>
        {now ?? t('profile.none')}
        {now && answer.proven.includes(kind) ? <small> {t('profile.proven')}</small> : null}
      </p>
      {isOpen ? (
        <Move kind={kind} onMoved={() => setOpen(false)} />
      ) : (
        <button type="button" className="button second" onClick={() => setOpen(true)}>
          {now ? t('profile.change') : t('shared:add')}
        </button>
      )}
    </Panel>
  )
}

function Move({ kind, onMoved }: { kind: Kind; onMoved: () => void }) {
  const { t } = useTranslation('me')
  const queries = useQueryClient()
  const { guarded, prompt } = useConfirm()
  const [typed, setTyped] = useState('')
  const [isWrong, setWrong] = useState(false)
  const [sentTo, setSentTo] = useState<Address>()
  const send = useMutation({
    mutationFn: (address: Address) =>
      guarded(() => told(client.POST('/v1/me/addresses/codes', { body: sent(address) }))),
    onSuccess: (_, address) => setSentTo(address),
  })
  const move = useMutation({
    mutationFn: (code: string) =>
      told(client.POST('/v1/me/addresses', { body: sent({ ...sentTo, code }) })),
    onSuccess: (answer) => {
      queries.setQueryData(['profile'], answer)
      onMoved()
    },
  })
  if (prompt) return prompt
  if (sentTo)
    return (
      <>
        <Notice>
          <p>{t('profile.codeSent')}</p>
        </Notice>
        <CodeForm
          onCode={(code) => move.mutate(code)}
          onAgain={() => send.mutate(sentTo)}
          isBusy={move.isPending}
          problem={move.error ?? send.error}
        />
      </>
    )
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    const address = addressOf(typed)
    const isRight = address !== undefined && kind in address
    setWrong(!isRight)
    if (isRight) send.mutate(address)
  }
  return (
    <form className="form" onSubmit={submit} noValidate>
      <Field label={t(`profile.new.${kind}`)}>
        <input
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          autoComplete={kind === 'phone' ? 'tel' : 'email'}
          inputMode={kind === 'phone' ? 'tel' : 'email'}
          autoCapitalize="none"
          aria-invalid={isWrong}
        />
      </Field>
      {isWrong ? (
        <p className="wrong" role="alert">
          {t(`profile.wrong.${kind}`)}
        </p>
      ) : null}
      <Refusal problem={send.error} />
      <button type="submit" className="button" disabled={send.isPending}>
        {t('profile.prove')}
      </button>
    </form>
  )
}
