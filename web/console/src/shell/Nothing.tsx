/** Nothing to show yet: why, and what to do about it. */
import { Empty } from 'antd'
import type { ReactNode } from 'react'

interface Props {
  /** Why there is nothing, and what brings something. */
  text: ReactNode
  /** The way to do it. */
  action?: ReactNode
}

export function Nothing({ text, action }: Props) {
  return (
    <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={text}>
      {action}
    </Empty>
  )
}
