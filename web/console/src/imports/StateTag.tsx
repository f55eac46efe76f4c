/** How an import stands, in a word. */
import {
  CheckCircleOutlined,
  ClockCircleOutlined,
  CloseCircleOutlined,
  FileOutlined,
  PauseCircleOutlined,
  StopOutlined,
  SyncOutlined,
} from '@ant-design/icons'
import type { Schemas } from '@regulars/shared/api/client'
import { Tag } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

export type Import = Schemas['ImportAnswer']

const LOOKS: Record<string, [string, ReactNode]> = {
  uploaded: ['default', <FileOutlined key="i" />],
  waiting: ['processing', <ClockCircleOutlined key="i" />],
  running: ['processing', <SyncOutlined spin key="i" />],
  paused: ['warning', <PauseCircleOutlined key="i" />],
  done: ['success', <CheckCircleOutlined key="i" />],
  failed: ['error', <CloseCircleOutlined key="i" />],
  cancelled: ['default', <StopOutlined key="i" />],
}

export function isAtWork(file: Import): boolean {
  return file.state === 'waiting' || file.state === 'running'
}

/** Rejected records that nobody has corrected. */
export function stillRejected(file: Import): number {
  return file.rejected - file.corrected
}

export function StateTag({ state }: { state: string }) {
  const { t } = useTranslation('imports')
  const [color, icon] = LOOKS[state] ?? ['default', null]
  return (
    <Tag color={color} icon={icon}>
      {t(`states.${state}`)}
    </Tag>
  )
}
