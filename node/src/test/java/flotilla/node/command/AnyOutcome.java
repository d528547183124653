package flotilla.node.command;

/** The same answer for every outcome, but for those that a subclass tells apart. */
class AnyOutcome<R> implements Outcome.Cases<R> {
    private final R answer;

    AnyOutcome(R answer) {
        this.answer = answer;
    }

    @Override
    public R answered(Outcome.Answered outcome) {
        return answer;
    }

    @Override
    public R pending(Outcome.Pending outcome) {
        return answer;
    }

    @Override
    public R interruptible(Outcome.Interruptible outcome) {
        return answer;
    }

    @Override
    public R transferring(Outcome.Transferring outcome) {
        return answer;
    }

    @Override
    public R openPassive(Outcome.OpenPassive outcome) {
        return answer;
    }

    @Override
    public R startTls(Outcome.StartTls outcome) {
        return answer;
    }

    @Override
    public R endTls(Outcome.EndTls outcome) {
        return answer;
    }

    @Override
    public R reinitialize(Outcome.Reinitialize outcome) {
        return answer;
    }

    @Override
    public R logIn(Outcome.LogIn outcome) {
        return answer;
    }

    @Override
    public R identify(Outcome.Identify outcome) {
        return answer;
    }

    @Override
    public R closeEndpoint(Outcome.CloseEndpoint outcome) {
        return answer;
    }

    @Override
    public R goodbye(Outcome.Goodbye outcome) {
        return answer;
    }
}
