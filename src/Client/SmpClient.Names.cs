using SimplexActors.Client.Connection;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Client;

/// <summary>What anybody may ask about names.</summary>
public sealed partial class SmpClient
{
    /// <summary>
    /// <c>RSLV</c>: what a name stands for. <c>NAME NOT_FOUND</c> when there is no such name, <c>NAME NO_RESOLVER</c> when this router
    /// resolves none, <c>NAME RESOLVER</c> when it cannot at the moment.
    /// </summary>
    public SmpCall<NameRecord> ResolveAsync(SimplexName name, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new(Convert(new CommandToSend(new RslvCommand(name.ToString()), EntityId.Empty, Key: null), ReadName, cancellation));
    }

    /// <summary>The record that a router answered.</summary>
    internal static SmpResult<NameRecord> ReadName(SmpResponse response) =>
        NameRecord.TryParse(((RnameResponse)response).Json.Span, out NameRecord? record) ? record : new WrongAnswer(SmpCommandTag.RSLV);
}
