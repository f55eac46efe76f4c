/** A benefit of the program in force, chosen by its name. */
import { Select } from 'antd'

import { useChoices } from './offered'

interface Props {
  id?: string
  value?: string
  onChange?: (next?: string) => void
}

export function BenefitSelect({ id, value, onChange }: Props) {
  return (
    <Select
      id={id}
      showSearch={{ optionFilterProp: 'label' }}
      value={value || undefined}
      onChange={onChange}
      style={{ minWidth: 220 }}
      options={useChoices()}
    />
  )
}
