/** A control with its name, what it means, and what is wrong with it. */
import { QuestionCircleOutlined } from '@ant-design/icons'
import { Flex, Tooltip, Typography } from 'antd'
import { useId, type ReactNode } from 'react'

import type { Path } from '../writing/tree'
import { useFindings, useFindingText, type Finding } from './context'
import { pointerOf } from './pointers'

interface Props {
  label: string
  hint?: string
  path: Path
  extra?: ReactNode
  isWide?: boolean
  /** A set of several controls, which the name stands above. */
  isGroup?: boolean
  children: (id: string) => ReactNode
}

export function Labelled({ label, hint, path, extra, isWide, isGroup, children }: Props) {
  const id = useId()
  const findings = useFindings(path)
  const name = (
    <>
      {label}
      {hint && <Hint text={hint} />}
    </>
  )
  return (
    <div
      data-pointer={pointerOf(path)}
      style={isWide ? { gridColumn: '1 / -1', minWidth: 0 } : { minWidth: 0 }}
      {...(isGroup ? { role: 'group', 'aria-label': label } : {})}
    >
      <Flex justify="space-between" align="center" gap="small" style={{ marginBottom: 4 }}>
        {isGroup ? (
          <Typography.Text strong>{name}</Typography.Text>
        ) : (
          <label htmlFor={id}>{name}</label>
        )}
        {extra}
      </Flex>
      {children(id)}
      <Remarks findings={findings} />
    </div>
  )
}

export function Hint({ text }: { text: string }) {
  return (
    <Tooltip title={text}>
      <Typography.Text type="secondary" style={{ marginInlineStart: 6, cursor: 'help' }}>
        <QuestionCircleOutlined aria-label={text} />
      </Typography.Text>
    </Tooltip>
  )
}

export function Remarks({ findings }: { findings: Finding[] }) {
  const say = useFindingText()
  return findings.map((finding) => (
    <Typography.Text
      key={`${finding.code} ${finding.message}`}
      type={finding.severity === 'error' ? 'danger' : 'warning'}
      style={{ display: 'block', fontSize: 12 }}
    >
      {say(finding)}
    </Typography.Text>
  ))
}
