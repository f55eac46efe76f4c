/** Sign in with a passkey, where the browser knows of such. */
import { client } from '@regulars/shared/api/client'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { Refusal } from '../shell/parts'
import { sent, told } from '../shell/told'
import { jsonOf, requestOf } from './passkeys'
import { knowsPasskeys } from './webview'

export function PasskeyButton({ onEntered }: { onEntered: () => void }) {
  const { t } = useTranslation('door')
  const enter = useMutation({ mutationFn: signIn, onSuccess: (isIn) => isIn && onEntered() })
  if (!knowsPasskeys()) return null
  return (
    <>
      <button
        type="button"
        className="button second wide"
        disabled={enter.isPending}
        onClick={() => enter.mutate()}
      >
        {t('byPasskey')}
      </button>
      <Refusal problem={enter.error} />
    </>
  )
}

/** Whether somebody came in; they may also have thought better of it. */
async function signIn(): Promise<boolean> {
  const { public_key } = await told(client.POST('/v1/sign-in/passkeys/options', { body: sent({}) }))
  let credential: Credential | null
  try {
    credential = await navigator.credentials.get({ publicKey: requestOf(public_key) })
  } catch {
    return false
  }
  if (!credential) return false
  const shown = jsonOf(credential as PublicKeyCredential) as never
  await told(client.POST('/v1/sign-in/passkeys', { body: sent({ credential: shown }) }))
  return true
}
