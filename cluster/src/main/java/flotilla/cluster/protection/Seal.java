package flotilla.cluster.protection;

/** Protects shared values from processes without the cluster's key. Safe for use by many threads. */
public interface Seal {
    /** Leaves values as they are, for a cluster without a key. */
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

    /**
     * Encrypts and authenticates a value.
     *
     * @param context the place of the value, such as a session's id; {@link #open} must be given the same
     * @return the sealed value
     */
    byte[] seal(byte[] plain, String context);

    /**
     * Opens a sealed value.
     *
     * @param context the context that {@link #seal} was given
     * @throws SealException when this node does not have the key, or the value was changed or moved
     */
    byte[] open(byte[] sealed, String context) throws SealException;

    /**
     * Whether the value is sealed with the cluster's present key. Otherwise it cannot be opened any more once the older
     * key is removed.
     */
    boolean isCurrent(byte[] sealed);
}
