package flotilla.cluster.protection;

/** Keeps what is shared from whoever does not have the cluster's key. Safe for use by many threads. */
public interface Seal {
    /** Leaves everything as it is: for a cluster without a key. */
    Seal NONE = new Seal() {
        @Override
        public byte[] seal(byte[] plain, String context) {
            return plain;
        }

        @Override
        public byte[] open(byte[] sealed, String context) {
            return sealed;
        }

        @Override
        public boolean isCurrent(byte[] sealed) {
            return true;
        }
    };

    /** Encrypts and authenticates. @param context what the value belongs to; {@link #open} must be given the same */
    byte[] seal(byte[] plain, String context);

    /** What {@link #seal} was given. @throws SealException when the key is not known here or the value was changed or moved */
    byte[] open(byte[] sealed, String context) throws SealException;

    /** Whether {@link #seal} would use the same key of the cluster today. What it would not is lost when the older key is taken away. */
    boolean isCurrent(byte[] sealed);
}
