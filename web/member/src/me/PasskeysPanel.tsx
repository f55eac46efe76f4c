/** Passkeys: added where the browser knows of such, and taken away anywhere. */
import { client } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { creationOf, jsonOf } from '../door/passkeys'
import { knowsPasskeys } from '../door/webview'
import { Empty, Panel, Refusal, Skeleton } from '../shell/parts'
import { told } from '../shell/told'
import { useConfirm } from './useConfirm'

const KEY = ['passkeys']

export function PasskeysPanel() {
  const { t } = useTranslation('me')
  const { day } = useFormats()
  const queries = useQueryClient()
  const { guarded, prompt } = useConfirm()
  const canAdd = knowsPasskeys()
  const passkeys = useQuery({
    queryKey: KEY,
    queryFn: () => told(client.GET('/v1/me/passkeys')),
  })
  const renew = () => queries.invalidateQueries({ queryKey: KEY })
  const add = useMutation({
    mutationFn: () => addPasskey(guarded, t('passkeys.ofThis')),
    onSuccess: renew,
  })
  const remove = useMutation({
    mutationFn: (passkey: string) =>
      guarded(() =>
        told(client.DELETE('/v1/me/passkeys/{passkey}', { params: { path: { passkey } } })),
      ),
    onSettled: renew,
  })
  const items = passkeys.data?.items ?? []
  if (!canAdd && !items.length) return null
  return (
    <Panel title={t('passkeys.title')}>
      {passkeys.isPending ? <Skeleton lines={2} /> : null}
      {passkeys.isSuccess && !items.length ? <Empty text={t('passkeys.none')} /> : null}
      <ul className="plain">
        {items.map((one) => (
          <li key={one.passkey} className="withdeed">
            <span>
              <strong>{one.name}</strong>
              <time dateTime={one.created_at}>{day(one.created_at)}</time>
            </span>
            <button
              type="button"
              className="quiet"
              disabled={remove.isPending}
              onClick={() => remove.mutate(one.passkey)}
            >
              {t('shared:remove')}
            </button>
          </li>
        ))}
      </ul>
      {prompt}
      <Refusal problem={passkeys.error ?? add.error ?? remove.error} />
      {canAdd ? (
        <button
          type="button"
          className="button second"
          disabled={add.isPending}
          onClick={() => add.mutate()}
        >
          {t('passkeys.add')}
        </button>
      ) : null}
    </Panel>
  )
}

type Guarded = <T>(deed: () => Promise<T>) => Promise<T>

async function addPasskey(guarded: Guarded, name: string): Promise<void> {
  const { public_key } = await guarded(() => told(client.POST('/v1/me/passkeys/options')))
  let made: Credential | null
  try {
    made = await navigator.credentials.create({ publicKey: creationOf(public_key) })
  } catch {
    return
  }
  if (!made) return
  const body = { credential: jsonOf(made as PublicKeyCredential) as never, name }
  await guarded(() => told(client.POST('/v1/me/passkeys', { body })))
}
