/** How far something is that is given to many members at once; it can be stopped. */
import { useFormats } from '@regulars/shared/formats'
import { Button, Flex, Progress, Typography } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

interface Props {
  run: { condition: string; state: string; share: number; asked_at: string }
  name?: string
  /** How many got it, and who did not. */
  children: ReactNode
  mayStop: boolean
  isStopping: boolean
  onStop: () => void
}

export function RunLine({ run, name, children, mayStop, isStopping, onStop }: Props) {
  const { t } = useTranslation('shell')
  const formats = useFormats()
  const state = t(`run.state.${run.state as 'waiting'}`)
  return (
    <Flex gap="small" wrap align="center" style={{ paddingBlock: 4 }}>
      {name && <Typography.Text strong>{name}</Typography.Text>}
      <Typography.Text code>{run.condition || t('run.everybody')}</Typography.Text>
      <span>{state}</span>
      {children}
      <Typography.Text type="secondary">{formats.ago(run.asked_at)}</Typography.Text>
      {run.state === 'waiting' && (
        <>
          <Progress
            percent={Math.floor(run.share * 100)}
            size="small"
            style={{ width: 120 }}
            aria-label={state}
          />
          {mayStop && (
            <Button size="small" loading={isStopping} onClick={onStop}>
              {t('run.stop')}
            </Button>
          )}
        </>
      )}
    </Flex>
  )
}
