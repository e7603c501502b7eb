using SimplexActors.Protocol.Smp.Errors;

namespace SimplexActors.Protocol.Smp.Commands;

/// <summary>The rules on which credentials a command must and must not carry (S-178 to S-182).</summary>
public static class CommandCredentials
{
    /// <summary>The error to answer before anything is looked up; null when the credentials have the right shape.</summary>
    /// <param name="tag">The command.</param>
    /// <param name="hasAuthorisation">The transmission's authorisation is not empty.</param>
    /// <param name="entityIdIsEmpty">The transmission names no entity.</param>
    public static SmpError? Check(SmpCommandTag tag, bool hasAuthorisation, bool entityIdIsEmpty) => tag switch
    {
        SmpCommandTag.NEW when !hasAuthorisation => CmdError.NoAuth,
        SmpCommandTag.NEW => entityIdIsEmpty ? null : CmdError.HasAuth,
        SmpCommandTag.SEND => entityIdIsEmpty ? CmdError.NoEntity : null,
        SmpCommandTag.LGET or SmpCommandTag.PFWD when entityIdIsEmpty => CmdError.NoEntity,
        SmpCommandTag.LGET or SmpCommandTag.PFWD => hasAuthorisation ? CmdError.HasAuth : null,
        SmpCommandTag.PING or SmpCommandTag.PRXY or SmpCommandTag.RFWD or SmpCommandTag.RSLV =>
            hasAuthorisation || !entityIdIsEmpty ? CmdError.HasAuth : null,
        _ => hasAuthorisation && !entityIdIsEmpty ? null : CmdError.NoAuth,
    };
}
