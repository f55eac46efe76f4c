/** What a member is, where that is not simply active. */
import { Tag } from 'antd'
import { useTranslation } from 'react-i18next'

const COLORS: Record<string, string> = {
  frozen: 'blue',
  restricted: 'orange',
  merged: 'purple',
  erased: 'default',
  active: 'success',
}

export function StatusTag({ status, always }: { status: string; always?: boolean }) {
  const { t } = useTranslation('members')
  if (status === 'active' && !always) return null
  return <Tag color={COLORS[status]}>{t(`status.${status}`, { defaultValue: status })}</Tag>
}
