/** Where an order stands, by colour and word. */
import { Tag } from 'antd'
import { useTranslation } from 'react-i18next'

const COLORS: Record<string, string> = {
  open: 'blue',
  confirmed: 'success',
  cancelled: 'default',
  timed_out: 'orange',
  returned_in_part: 'gold',
  returned: 'default',
}

export const STATES = Object.keys(COLORS)

export function StateTag({ state }: { state: string }) {
  const { t } = useTranslation('orders')
  return <Tag color={COLORS[state] ?? 'default'}>{t(`state.${state}`)}</Tag>
}
