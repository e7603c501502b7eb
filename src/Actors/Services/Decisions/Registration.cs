namespace SimplexActors.Actors.Services.Decisions;

/// <summary>How a service comes into the store and stays known there (S-101, S-498).</summary>
internal static class Registration
{
    public static ServiceDecision Decide(ServiceState? state, ServiceCommand.Create create)
    {
        var taken = new ServiceEffect.Reply(create.ReplyTo, ServiceAnswer.Conflict);
        return state?.Record is not null
            ? new ServiceDecision(state, [], [taken], [])
            : new ServiceDecision(
                new ServiceState(create.Record, state?.Members),
                [new ServiceChange.Create(create.Record)],
                [new ServiceEffect.Reply(create.ReplyTo, ServiceAnswer.Done)],
                [taken]);
    }

    public static ServiceDecision Decide(ServiceState? state, ServiceCommand.Use use)
    {
        var missing = new ServiceEffect.Reply(use.ReplyTo, ServiceAnswer.Conflict);
        if (state?.Record is not { } record)
        {
            return new ServiceDecision(state, [], [missing], []);
        }

        var done = new ServiceEffect.Reply(use.ReplyTo, ServiceAnswer.Done);
        return record.LastUsedDay >= use.Day
            ? new ServiceDecision(state, [], [done], [])
            : new ServiceDecision(
                state with { Record = record with { LastUsedDay = use.Day } },
                [new ServiceChange.Use(record.ServiceId, use.Day)],
                [done],
                [missing]);
    }
}
