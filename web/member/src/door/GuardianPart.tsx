/** A parent or guardian agrees for a child, by a code that is sent to them. */
import { client, type Schemas } from '@regulars/shared/api/client'
import { language, localeOf } from '@regulars/shared/languages'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Field, Notice, Refusal } from '../shell/parts'
import { sent, told } from '../shell/told'
import { addressOf, type Address } from './address'

export type Guardian = Schemas['Guardian']

interface Props {
  age: number
  guardian: Guardian | undefined
  onGuardian: (guardian: Guardian) => void
}

export function GuardianPart({ age, guardian, onGuardian }: Props) {
  const { t } = useTranslation('door')
  const [typed, setTyped] = useState('')
  const [isWrong, setWrong] = useState(false)
  const send = useMutation({
    mutationFn: (address: Address) =>
      told(
        client.POST('/v1/sign-in/codes', {
          body: sent({ ...address, purpose: 'guardian', language: localeOf(language()) }),
        }),
      ),
    onSuccess: (_, address) => onGuardian(sent({ ...address, code: '' })),
  })
  const ask = () => {
    const address = addressOf(typed)
    setWrong(!address)
    if (address) send.mutate(address)
  }
  return (
    <Notice>
      <p>{t('guardian', { age })}</p>
      <Field label={t('guardianAddress')}>
        <input
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          autoCapitalize="none"
          inputMode="email"
        />
      </Field>
      {isWrong ? (
        <p className="wrong" role="alert">
          {t('addressWrong')}
        </p>
      ) : null}
      <Refusal problem={send.error} />
      <button type="button" className="button second" disabled={send.isPending} onClick={ask}>
        {t('send')}
      </button>
      {guardian ? (
        <Field label={t('guardianCode')}>
          <input
            className="code"
            value={guardian.code}
            onChange={(event) => onGuardian({ ...guardian, code: event.target.value.trim() })}
            inputMode="numeric"
            autoComplete="off"
          />
        </Field>
      ) : null}
    </Notice>
  )
}
