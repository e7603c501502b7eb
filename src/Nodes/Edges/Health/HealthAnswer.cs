using Microsoft.AspNetCore.Http;

namespace SimplexActors.Nodes.Edges.Health;

/// <summary>An answer: its status and its body, which holds nothing secret.</summary>
/// <param name="Status">Of HTTP.</param>
/// <param name="Body">JSON.</param>
internal sealed record HealthAnswer(int Status, ReadOnlyMemory<byte> Body)
{
    /// <summary>Everything is well.</summary>
    public static HealthAnswer Well { get; } = new(StatusCodes.Status200OK, """{"status":"ok"}"""u8.ToArray());

    /// <summary>There is nothing at this path.</summary>
    public static HealthAnswer Unknown { get; } = new(StatusCodes.Status404NotFound, """{"status":"unknown"}"""u8.ToArray());

    /// <summary>Only GET and HEAD are answered.</summary>
    public static HealthAnswer NotAllowed { get; } = new(StatusCodes.Status405MethodNotAllowed, """{"status":"not allowed"}"""u8.ToArray());

    /// <summary>Everything is well, or the reason why not.</summary>
    public static HealthAnswer Of(HealthReason? reason) => reason switch
    {
        null => Well,
        HealthReason.Stuck => Not("stuck"),
        HealthReason.Store => Not("store"),
        HealthReason.NotJoined => Not("not joined"),
        HealthReason.NoLease => Not("no lease"),
        HealthReason.Draining => Not("draining"),
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "There is no such reason."),
    };

    private static HealthAnswer Not(string reason) =>
        new(StatusCodes.Status503ServiceUnavailable, System.Text.Encoding.UTF8.GetBytes($$"""{"status":"unavailable","reason":"{{reason}}"}"""));
}
