using SimplexActors.Actors.Engine;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>Answers that are given often, made once.</summary>
internal static class Answers
{
    public static ErrResponse Auth { get; } = new(SmpError.Auth);

    public static ErrResponse Quota { get; } = new(SmpError.Quota);

    public static ErrResponse LargeMsg { get; } = new(SmpError.LargeMsg);

    public static ErrResponse NoMsg { get; } = new(SmpError.NoMsg);

    public static ErrResponse Prohibited { get; } = new(CmdError.Prohibited);

    public static ErrResponse Internal { get; } = new(SmpError.Internal);

    public static ErrResponse Store { get; } = new(StoreError.Unavailable);

    /// <summary>Answers a command that was not carried out.</summary>
    public static ErrResponse Of(Refusal refusal) => refusal switch
    {
        Refusal.StoreFailed or Refusal.LoadFailed => Store,
        _ => Internal,
    };
}
