/** The code that was sent comes back. */
import { client, type Schemas } from '@regulars/shared/api/client'
import { language, localeOf } from '@regulars/shared/languages'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { sent, told } from '../shell/told'
import { textOf, type Address } from './address'
import { CodeForm } from './CodeForm'

interface Props {
  address: Address
  /** A third party has vouched for whoever proves this address. */
  joins: boolean
  onProven: (answer: Schemas['SignInAnswer']) => void
  onBack: () => void
}

export function CodeStep({ address, joins, onProven, onBack }: Props) {
  const { t } = useTranslation('door')
  const spoken = localeOf(language())
  const verify = useMutation({
    mutationFn: (code: string) =>
      told(
        client.POST('/v1/sign-in/codes/verify', {
          body: sent({ ...address, code, language: spoken, join_provider: joins }),
        }),
      ),
    onSuccess: onProven,
  })
  const again = useMutation({
    mutationFn: () =>
      told(client.POST('/v1/sign-in/codes', { body: sent({ ...address, language: spoken }) })),
  })
  return (
    <>
      <p>{t('codeSent', { address: textOf(address) })}</p>
      <CodeForm
        onCode={(code) => verify.mutate(code)}
        onAgain={() => again.mutate()}
        isBusy={verify.isPending}
        problem={verify.error ?? again.error}
      />
      <button type="button" className="quiet wide" onClick={onBack}>
        {t('otherAddress')}
      </button>
    </>
  )
}
