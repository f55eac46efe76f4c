/** A condition on members: clicked together from what is known of them, or typed in CEL. */
import { Input } from 'antd'

import { ConditionBuilder } from '../conditions/ConditionBuilder'
import { useMemberFields } from './fields'

interface Props {
  id: string
  /** CEL; '' for all members. */
  value: string
  onChange: (cel: string) => void
}

export function MemberCondition({ id, value, onChange }: Props) {
  const fields = useMemberFields()
  // Who may not look at members types it.
  if (!fields)
    return (
      <Input.TextArea
        id={id}
        rows={2}
        maxLength={4000}
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    )
  return <ConditionBuilder id={id} fields={fields} value={value} onChange={onChange} />
}
