/** What is wrong or doubtful, each with the way to its place. */
import { CheckCircleOutlined, CloseCircleOutlined, WarningOutlined } from '@ant-design/icons'
import { Button, Flex, Popover, Spin, Tag, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../shell/ProblemAlert'
import type { Reading } from './drafts/useReading'
import { useFindingText, type Finding } from './forms/context'

interface Props {
  reading: Reading
  onJump: (finding: Finding) => void
}

export function FindingsBar({ reading, onJump }: Props) {
  const { t } = useTranslation('program')
  const [isOpen, setOpen] = useState(false)
  const { findings } = reading
  const errors = findings.filter((one) => one.severity === 'error').length
  const doubts = findings.length - errors
  if (reading.problem) return <ProblemAlert problem={reading.problem} />
  return (
    <Flex align="center" gap="small">
      {!findings.length && (
        <Tag color="success" icon={<CheckCircleOutlined />} role="status">
          {t('lint.fine')}
        </Tag>
      )}
      {findings.length > 0 && (
        <Popover
          trigger="click"
          placement="bottomLeft"
          open={isOpen}
          onOpenChange={setOpen}
          content={
            <FindingsList
              findings={findings}
              onJump={(finding) => {
                setOpen(false)
                onJump(finding)
              }}
            />
          }
        >
          <Button size="small" aria-expanded={isOpen}>
            <Flex gap={6} align="center" role="status">
              {errors > 0 && (
                <Typography.Text type="danger">
                  <CloseCircleOutlined /> {t('lint.errors', { count: errors })}
                </Typography.Text>
              )}
              {doubts > 0 && (
                <Typography.Text type="warning">
                  <WarningOutlined /> {t('lint.doubts', { count: doubts })}
                </Typography.Text>
              )}
            </Flex>
          </Button>
        </Popover>
      )}
      {!reading.isChecked && <Spin size="small" aria-label={t('lint.checking')} />}
    </Flex>
  )
}

export function FindingsList({
  findings,
  onJump,
}: {
  findings: Finding[]
  onJump: Props['onJump']
}) {
  const say = useFindingText()
  const { t } = useTranslation('program')
  return (
    <ul
      aria-label={t('lint.list')}
      style={{
        margin: 0,
        padding: 0,
        listStyle: 'none',
        maxWidth: 560,
        maxHeight: 420,
        overflow: 'auto',
      }}
    >
      {findings.map((finding, number) => (
        <li key={number}>
          <Button
            type="text"
            block
            onClick={() => onJump(finding)}
            style={{
              height: 'auto',
              whiteSpace: 'normal',
              textAlign: 'start',
              justifyContent: 'start',
            }}
          >
            <Flex gap="small" align="baseline">
              <Tag color={finding.severity === 'error' ? 'error' : 'warning'}>
                {t(finding.severity === 'error' ? 'lint.error' : 'lint.doubt')}
              </Tag>
              <span>
                {t('lint.at', { line: finding.line })} {say(finding)}
              </span>
            </Flex>
          </Button>
        </li>
      ))}
    </ul>
  )
}
