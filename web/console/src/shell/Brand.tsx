/** The name of the product beside its mark. */
import { Flex, Typography } from 'antd'

export function Brand({ isShort = false }: { isShort?: boolean }) {
  return (
    <Flex align="center" gap={10} style={{ padding: '12px 20px', minHeight: 52 }}>
      <img src="/console/icon.svg" alt="" width={26} height={26} />
      {!isShort && (
        <Typography.Text strong style={{ fontSize: 16, whiteSpace: 'nowrap' }}>
          Regulars 常客
        </Typography.Text>
      )}
    </Flex>
  )
}
