Attribute VB_Name = "XlinvRibbon"
Option Explicit
' A press of any button goes to Python by the button's id; the work and its messages are there.

Public Sub XlinvPress(control As IRibbonControl)
    On Error GoTo Failed
    RunPython "from udfs import ribbon; ribbon.press('" & control.ID & "')"
    Exit Sub
Failed:
    MsgBox "xlinv could not start Python: " & Err.Description & vbCrLf & "Run 'xlinv doctor' in a command prompt.", _
        vbExclamation, "xlinv"
End Sub

Public Sub XlinvEnabled(control As IRibbonControl, ByRef enabled As Variant)
    enabled = (Not ActiveWorkbook Is Nothing) Or Left$(control.ID, 6) = "btnNew"
End Sub

Public Sub XlinvWarmUp()
    ' The interpreter starts now, so that the first formula does not wait for it.
    Dim version As Variant
    On Error Resume Next
    version = XlinvAnswer("XLINVVERSION", Array())
End Sub
