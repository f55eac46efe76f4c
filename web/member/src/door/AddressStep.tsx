/** Who comes: by phone or e-mail, by passkey, or by a third party. */
import { client } from '@regulars/shared/api/client'
import { language, localeOf } from '@regulars/shared/languages'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type SyntheticEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'

import { Field, Refusal } from '../shell/parts'
import { sent, told } from '../shell/told'
import { addressOf, type Address } from './address'
import { nextOf } from './next'
import { PasskeyButton } from './PasskeyButton'

interface Props {
  /** Only the address is wanted: the third party and the passkey have had their say. */
  isAlone: boolean
  onSent: (address: Address) => void
  onEntered: () => void
}

export function AddressStep({ isAlone, onSent, onEntered }: Props) {
  const { t } = useTranslation('door')
  const [typed, setTyped] = useState('')
  const [isWrong, setWrong] = useState(false)
  const send = useMutation({
    mutationFn: (address: Address) =>
      told(
        client.POST('/v1/sign-in/codes', {
          body: sent({ ...address, language: localeOf(language()) }),
        }),
      ),
    onSuccess: (_, address) => onSent(address),
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    const address = addressOf(typed)
    setWrong(!address)
    if (address) send.mutate(address)
  }
  return (
    <>
      <form className="form" onSubmit={submit} noValidate>
        <Field label={t('address')} hint={t('addressHint')}>
          <input
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            inputMode="email"
            aria-invalid={isWrong}
            autoFocus
          />
        </Field>
        {isWrong ? (
          <p className="wrong" role="alert">
            {t('addressWrong')}
          </p>
        ) : null}
        <Refusal problem={send.error} />
        <button type="submit" className="button wide" disabled={send.isPending}>
          {t('send')}
        </button>
      </form>
      {isAlone ? null : (
        <>
          <PasskeyButton onEntered={onEntered} />
          <Providers />
        </>
      )}
      <p className="small">
        {t('whoIsNew')} <Link to="/rules">{t('readRules')}</Link>
      </p>
    </>
  )
}

function Providers() {
  const { t } = useTranslation('door')
  const { search } = useLocation()
  const listed = useQuery({
    queryKey: ['providers'],
    queryFn: () => told(client.GET('/v1/sign-in/providers')),
  })
  // A way back longer than the server takes is left out: one then begins at the first page.
  const back = `/my/sign-in?next=${encodeURIComponent(nextOf(search))}`
  const path = back.length > 450 ? '/my/sign-in' : back
  return listed.data?.items.map((one) => (
    <a
      key={one.code}
      className="button second wide"
      href={`/v1/sign-in/providers/${one.code}/start?return_to=${encodeURIComponent(path)}`}
    >
      {t('byProvider', { name: one.name })}
    </a>
  ))
}
