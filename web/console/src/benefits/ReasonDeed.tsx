/** Asks why, does a deed about benefits with the reason, and says that it was done. */
import { App, Typography } from 'antd'

import { ReasonModal } from '../shell/ReasonModal'
import { useBenefitDeed } from './offered'

interface Props {
  title: string
  /** What the button says. */
  deed: string
  text: string
  /** What is said once it was done. */
  done: string
  isDanger?: boolean
  send: (reason: string) => Promise<unknown>
  onClose: () => void
}

export function ReasonDeed({ title, deed, text, done, isDanger = false, send, onClose }: Props) {
  const { message } = App.useApp()
  const doing = useBenefitDeed(send, () => {
    void message.success(done)
    onClose()
  })
  return (
    <ReasonModal
      isOpen
      isDanger={isDanger}
      title={title}
      deed={deed}
      isBusy={doing.isPending}
      problem={doing.error}
      maxLength={300}
      onCancel={onClose}
      onConfirm={(reason) => doing.mutate(reason)}
    >
      <Typography.Text>{text}</Typography.Text>
    </ReasonModal>
  )
}
