/** What can be done with a member's data: a copy, a restriction, erasure. */
import { api, client, type Schemas } from '@regulars/shared/api/client'
import { useMutation } from '@tanstack/react-query'
import { App, Button, Flex, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { ReasonModal } from '../shell/ReasonModal'
import { useSecondFactor } from '../shell/SecondFactor'

export type Found = Schemas['MaskedAnswer']
type Wish = 'export' | 'restrict' | 'erase'

interface Props {
  found: Found
  onChanged: () => void
  onErased: () => void
}

export function PrivacyDeeds({ found, onChanged, onErased }: Props) {
  const { t } = useTranslation('settings')
  const { message } = App.useApp()
  const guarded = useSecondFactor()
  const [wish, setWish] = useState<Wish>()
  const [isWaiting, setWaiting] = useState(false)
  const params = { path: { ref: found.member } }
  const isRestricted = found.restricted_at !== null
  const restrict = api.useMutation('post', '/v1/members/{ref}/restriction')
  const erase = api.useMutation('delete', '/v1/members/{ref}')
  const copy = useMutation({ mutationFn: (reason: string) => copied(found.member, reason) })
  const runs = { export: copy, restrict, erase }

  const deed = async (reason: string) => {
    if (wish === 'export') setWaiting(!(await guarded(() => copy.mutateAsync(reason))))
    if (wish === 'restrict')
      await restrict.mutateAsync({ params, body: { restricted: !isRestricted, reason } })
    if (wish === 'erase') {
      await guarded(() => erase.mutateAsync({ params, body: { reason } }))
      onErased()
    }
  }
  const confirm = (reason: string) =>
    void deed(reason).then(
      () => {
        message.success(t('privacy.done'))
        setWish(undefined)
        onChanged()
      },
      () => undefined,
    )
  const word = wish === 'restrict' && isRestricted ? 'unrestrict' : wish
  return (
    <Flex vertical gap="small">
      <Flex gap="small" wrap>
        <Button onClick={() => setWish('export')}>{t('privacy.deeds.export')}</Button>
        <Button onClick={() => setWish('restrict')}>
          {t(`privacy.deeds.${isRestricted ? 'unrestrict' : 'restrict'}`)}
        </Button>
        <Button danger onClick={() => setWish('erase')}>
          {t('privacy.deeds.erase')}
        </Button>
      </Flex>
      {isWaiting && (
        <Typography.Text>
          {t('privacy.waits')} <Link to="/ledger/approvals">{t('privacy.toApprovals')}</Link>
        </Typography.Text>
      )}
      {wish && word && (
        <ReasonModal
          isOpen
          title={t(`privacy.deeds.${word}`)}
          deed={t(`privacy.deeds.${word}`)}
          isDanger={wish === 'erase'}
          isBusy={runs[wish].isPending}
          problem={runs[wish].error}
          onConfirm={confirm}
          onCancel={() => {
            runs[wish].reset()
            setWish(undefined)
          }}
        >
          <Typography.Text>{t(`privacy.what.${word}`)}</Typography.Text>
        </ReasonModal>
      )}
    </Flex>
  )
}

/** Fetches the copy as a file; false where a second person has to agree first. */
async function copied(member: string, reason: string): Promise<boolean> {
  const { response, error, data } = await client.POST('/v1/members/{ref}/export', {
    params: { path: { ref: member } },
    body: { reason, form: 'json', approval: null },
    parseAs: 'blob',
  })
  if (error !== undefined) throw error as unknown as Error
  if (response.status === 202) return false
  const link = document.createElement('a')
  link.href = URL.createObjectURL(data as unknown as Blob)
  link.download = `${member}.json`
  link.click()
  URL.revokeObjectURL(link.href)
  return true
}
