/** Gives something to all members of whom a condition holds, with the reason that they are told; the
 *  worker does it in parts. */
import { Form } from 'antd'
import type { ReactNode } from 'react'

import { ReasonModal } from '../shell/ReasonModal'
import { MemberCondition } from './MemberCondition'

interface Props {
  title: string
  /** What the button says. */
  deed: string
  label: string
  hint: string
  condition: string
  onCondition: (next: string) => void
  isBusy: boolean
  problem: unknown
  /** Stands before the condition: what is given. */
  given?: ReactNode
  /** Stands after it. */
  children?: ReactNode
  onConfirm: (reason: string) => void
  onClose: () => void
}

export function ManyModal(props: Props) {
  return (
    <ReasonModal
      isOpen
      width={680}
      title={props.title}
      deed={props.deed}
      isBusy={props.isBusy}
      problem={props.problem}
      maxLength={300}
      onCancel={props.onClose}
      onConfirm={props.onConfirm}
    >
      <div>
        {props.given}
        <Form.Item label={props.label} htmlFor="many-condition" extra={props.hint}>
          <MemberCondition
            id="many-condition"
            value={props.condition}
            onChange={props.onCondition}
          />
        </Form.Item>
        {props.children}
      </div>
    </ReasonModal>
  )
}
