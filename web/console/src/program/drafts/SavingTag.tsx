/** Whether what is written is kept, in truth. */
import {
  CheckOutlined,
  CloseCircleOutlined,
  DisconnectOutlined,
  LoadingOutlined,
  WarningOutlined,
} from '@ant-design/icons'
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useProblemText } from '@regulars/shared/problems'
import { App, Button, Tag, Tooltip } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import type { Phase, Saving } from './saver'
import type { Desk } from './useDraft'

const LOOKS: Record<Phase, { color: string; icon: ReactNode }> = {
  saved: { color: 'success', icon: <CheckOutlined /> },
  changed: { color: 'processing', icon: <LoadingOutlined /> },
  saving: { color: 'processing', icon: <LoadingOutlined /> },
  failed: { color: 'error', icon: <CloseCircleOutlined /> },
  offline: { color: 'error', icon: <DisconnectOutlined /> },
  refused: { color: 'error', icon: <CloseCircleOutlined /> },
  conflict: { color: 'warning', icon: <WarningOutlined /> },
  gone: { color: 'error', icon: <CloseCircleOutlined /> },
}

export function SavingTag({ desk, saving }: { desk: Desk; saving: Saving }) {
  const { t } = useTranslation('program')
  const formats = useFormats()
  const text = useProblemText()
  const { phase, base, problem } = saving
  const why = problem ? Object.values(text(problem)).flat().filter(Boolean).join(' ') : ''
  const { color, icon } = LOOKS[phase]
  return (
    <>
      <Tooltip title={why || t('saving.at', { when: formats.moment(base.changed_at) })}>
        <Tag color={color} icon={icon} role="status" data-phase={phase}>
          {t(`saving.${phase}`)}
        </Tag>
      </Tooltip>
      {(phase === 'failed' || phase === 'offline') && (
        <Button size="small" onClick={() => void desk.saver.flush()}>
          {t('shared:retry')}
        </Button>
      )}
      {phase === 'gone' && <Rescue desk={desk} />}
    </>
  )
}

/** A colleague deleted the draft while it was open: what is here is put into a new one. */
function Rescue({ desk }: { desk: Desk }) {
  const { t } = useTranslation('program')
  const { message } = App.useApp()
  const text = useProblemText()
  const navigate = useNavigate()
  const create = api.useMutation('post', '/v1/drafts')
  const save = async () => {
    try {
      const { name } = desk.saver.snapshot().base
      const made = await create.mutateAsync({
        body: { name, document: desk.writing.text, from_version: null },
      })
      await navigate(`/program/drafts/${made.draft}`)
    } catch (error) {
      message.error(text(error).title)
    }
  }
  return (
    <Button size="small" type="primary" loading={create.isPending} onClick={() => void save()}>
      {t('saving.rescue')}
    </Button>
  )
}
