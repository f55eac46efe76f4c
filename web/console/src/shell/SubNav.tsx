/** The pages of an area, side by side; on a narrow screen they are pushed along. */
import { theme } from 'antd'
import { Link } from 'react-router'

interface Props {
  label: string
  active: string
  items: { key: string; label: string; path: string }[]
}

export function SubNav({ label, active, items }: Props) {
  const { token } = theme.useToken()
  return (
    <nav
      aria-label={label}
      style={{
        display: 'flex',
        gap: 28,
        overflowX: 'auto',
        marginBottom: 16,
        borderBottom: `1px solid ${token.colorBorderSecondary}`,
      }}
    >
      {items.map((one) => {
        const isHere = one.key === active
        return (
          <Link
            key={one.key}
            to={one.path}
            aria-current={isHere ? 'page' : undefined}
            style={{
              flex: 'none',
              padding: '10px 0',
              color: isHere ? token.colorLink : token.colorText,
              borderBottom: `2px solid ${isHere ? token.colorLink : 'transparent'}`,
            }}
          >
            {one.label}
          </Link>
        )
      })}
    </nav>
  )
}
