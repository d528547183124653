package flotilla.node.overview;

/** A node that can be taken out of service and returned to service. */
public interface Drainable {
    /**
     * Accepts no new work from now on; running work continues.
     *
     * @param after replaces what an earlier call said
     */
    void drain(AfterDrain after);

    /**
     * Accepts work again.
     *
     * @throws RuntimeException with the reason why the node cannot; it then stays out of service
     */
    void undrain();

    /** Returns true while the node accepts no new work. */
    boolean isDraining();
}
