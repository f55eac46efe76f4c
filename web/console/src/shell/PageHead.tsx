/** The top of a page: what it is, and what can be done with the whole of it. */
import { Flex, Typography } from 'antd'
import { useEffect, type ReactNode } from 'react'

interface Props {
  title: string
  sub?: ReactNode
  extra?: ReactNode
}

export function PageHead({ title, sub, extra }: Props) {
  useEffect(() => {
    document.title = `${title} · Regulars`
  }, [title])
  return (
    <Flex justify="space-between" align="flex-start" gap="middle" wrap style={{ marginBottom: 16 }}>
      <div>
        <Typography.Title level={1} style={{ fontSize: 22, margin: 0 }}>
          {title}
        </Typography.Title>
        {sub && <Typography.Text type="secondary">{sub}</Typography.Text>}
      </div>
      {extra && (
        <Flex gap="small" wrap>
          {extra}
        </Flex>
      )}
    </Flex>
  )
}
