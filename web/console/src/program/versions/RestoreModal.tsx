/** Publish an earlier version again: the way back. */
import { api, client, told, type Schemas } from '@regulars/shared/api/client'
import { useQueryClient } from '@tanstack/react-query'
import { Alert, App, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { ReasonModal } from '../../shell/ReasonModal'
import { useSecondFactor } from '../../shell/SecondFactor'
import { VersionDiff } from './VersionDiff'

export type Version = Schemas['VersionAnswer']

export function RestoreModal({
  version,
  onClose,
}: {
  version: Version | null
  onClose: () => void
}) {
  const { t } = useTranslation('program')
  const { message, modal } = App.useApp()
  const guarded = useSecondFactor()
  const queries = useQueryClient()
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const current = api.useQuery('get', '/v1/programs/current', {}, { retry: false })
  const close = () => {
    setProblem(null)
    onClose()
  }
  const restore = async (note: string) => {
    if (!version) return
    setBusy(true)
    setProblem(null)
    const params = { path: { version: version.version } }
    const body = { note, in_force_from: null }
    try {
      const answer = await guarded(() =>
        told(client.POST('/v1/programs/versions/{version}:restore', { params, body })),
      )
      close()
      if ('approval' in answer)
        modal.info({
          title: t('publish.waits'),
          content: (
            <>
              {t('publish.waitsText')} <Link to="/ledger/approvals">{t('publish.approvals')}</Link>
            </>
          ),
        })
      else message.success(t('publish.done', { version: answer.version }))
      await queries.invalidateQueries()
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <ReasonModal
      isOpen={version !== null}
      title={t('versions.restoreTitle', { version: version?.version ?? 0 })}
      deed={t('versions.restoreGo')}
      isBusy={isBusy}
      problem={problem}
      maxLength={500}
      onConfirm={(note) => void restore(note)}
      onCancel={close}
    >
      <Alert type="info" showIcon title={t('versions.restoreText')} />
      {version && current.data && (
        <div style={{ maxHeight: 260, overflow: 'auto' }}>
          <Typography.Text strong>{t('versions.restoreChanges')}</Typography.Text>
          <VersionDiff from={current.data.version} to={version.version} />
        </div>
      )}
    </ReasonModal>
  )
}
