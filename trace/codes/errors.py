"""What can be wrong with keys. A wrong *code* is no error: it is an answer (``verify.read`` gives None)."""

from gi_registry.lib.keyfaults import KeyFault


class MalformedEpoch(KeyFault):
    """A name that an epoch cannot bear."""

    def __init__(self, epoch: str) -> None:
        super().__init__(
            f"期次名称只含字母、数字、- 和 _，至多 32 位：{epoch}。",
            f"An epoch's name has letters, digits, - and _, at most 32: {epoch}.",
        )


class UnknownEpoch(KeyFault):
    """The ring has no master of this name."""

    def __init__(self, epoch: str) -> None:
        super().__init__(f"密钥环中没有期次 {epoch}。", f"The key ring has no epoch {epoch}.")


class EpochNotSigning(KeyFault):
    """New codes were asked for under an epoch that only verifies, or there is none that signs."""

    def __init__(self, epoch: str = "") -> None:
        if epoch:
            super().__init__(f"期次 {epoch} 不再签发新码。", f"Epoch {epoch} signs no new codes.")
        else:
            super().__init__("密钥环中没有用于签发的期次。", "No epoch of the key ring signs new codes.")
